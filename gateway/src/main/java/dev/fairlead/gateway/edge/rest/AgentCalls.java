package dev.fairlead.gateway.edge.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.agent.AgentHub;
import dev.fairlead.gateway.messages.MessageCommands;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Subject;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** {@code /api/agents}. */
public final class AgentCalls {
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(5);

    private record AgentDetails(@JsonUnwrapped AgentSummary agent, Optional<MessageCommands.AckLatency> ackLatency) {}

    private record RotatedToken(String token, String agentName, Instant previousValidUntil) {}

    private record AgentRequest(String subject, Optional<JsonNode> data, Optional<Long> timeoutMs) {}

    private final Bus bus;
    private final AgentHub hub;
    private final Duration requestTimeout;

    public AgentCalls(Bus bus, AgentHub hub, Duration requestTimeout) {
        this.bus = bus;
        this.hub = hub;
        this.requestTimeout = requestTimeout;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/agents", Access.OPERATOR, call -> bus.request(new AgentCommands.ListAgents())
                        .map(Answer::ok)),
                Endpoint.get("/api/agents/:name", Access.OPERATOR, call -> bus.request(
                                new AgentCommands.GetAgent(call.name("name")))
                        .compose(found -> bus.request(new MessageCommands.GetAckLatency(
                                        found.agent().name()))
                                .map(last -> Answer.ok(new AgentDetails(found.agent(), last.latency()))))),
                Endpoint.delete("/api/agents/:name", Access.OPERATOR, this::revoke),
                Endpoint.post("/api/agents/:name/rotate-token", Access.ADMIN, this::rotate),
                Endpoint.post("/api/agents/:name/request", Access.OPERATOR, this::request)
                        .reading(AgentRequest.class)
                        .audited("agent.request"));
    }

    private Future<Answer> revoke(Call call) {
        return bus.request(new AgentCommands.RevokeAgent(
                        call.name("name"), call.principal().actor(), call.address()))
                .map(ignored -> Answer.nothing());
    }

    private Future<Answer> rotate(Call call) {
        return bus.request(new AgentCommands.RotateToken(
                        call.name("name"), call.principal().actor(), call.address()))
                .map(made -> Answer.ok(new RotatedToken(made.token(), made.agentName(), made.previousValidUntil())));
    }

    private Future<Answer> request(Call call) {
        String name = call.name("name");
        AgentRequest request = call.body(AgentRequest.class);
        Subject subject = subject(request.subject());
        subject.requireUnreserved();
        Duration timeout = request.timeoutMs().map(Duration::ofMillis).orElse(requestTimeout);
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Field 'timeout_ms' is from 1 to " + MAX_TIMEOUT.toMillis());
        }
        Optional<RawJson> data = request.data().map(RawJson::of);
        // A name nobody registered is told apart from an agent that is away.
        return bus.request(new AgentCommands.GetAgent(name))
                .compose(ignored -> hub.request(name, subject, data, timeout))
                .map(answer -> new Answer(
                        200,
                        "application/json",
                        io.vertx.core.buffer.Buffer.buffer(
                                answer.map(RawJson::toBytes).orElseGet(() -> new byte[] {'{', '}'}))));
    }

    private static Subject subject(String text) {
        try {
            return Subject.parse(text);
        } catch (FairleadException e) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, e.getMessage());
        }
    }
}
