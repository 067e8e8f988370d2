package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.faces.mcp.Answers;
import dev.fairlead.gateway.faces.mcp.McpCaller;
import dev.fairlead.gateway.faces.mcp.McpFace;
import dev.fairlead.gateway.faces.mcp.McpHead;
import dev.fairlead.gateway.faces.mcp.McpReply;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /mcp}: messages of the Model Context Protocol, each a request of its own. */
public final class McpCalls {
    /** Where it is. */
    public static final String PATH = "/mcp";

    private final McpFace face;

    public McpCalls(McpFace face) {
        this.face = face;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(PATH, Access.MCP, this::message).auditedByConcern(),
                Endpoint.get(PATH, Access.MCP, this::resume));
    }

    /** A refusal as clients of the protocol read it: one in another shape is shown by none of them. */
    public static Object refusal(FairleadException refusal) {
        return Answers.refusal(refusal);
    }

    private Future<Answer> message(Call call) {
        McpHead head = new McpHead(
                header(call, "MCP-Protocol-Version"),
                header(call, "Mcp-Method"),
                header(call, "Mcp-Name"),
                header(call, "User-Agent"));
        return face.answer(caller(call), head, call.bytes()).map(McpCalls::answer);
    }

    /** Only who was cut off is told more here: nothing is sent that nobody asked for. */
    private Future<Answer> resume(Call call) {
        return header(call, "Last-Event-ID")
                .map(last -> face.resume(caller(call), last).map(McpCalls::answer))
                .orElseGet(() -> Future.succeededFuture(Answer.json(
                                405,
                                refusal(new FairleadException(
                                        ErrorCode.METHOD_NOT_ALLOWED,
                                        "Use POST here; GET is for going on after a Last-Event-ID")))
                        .withHeader("Allow", "POST")));
    }

    private static Answer answer(McpReply reply) {
        String type = reply.json().length() == 0 ? "" : "application/json";
        return reply.events()
                .map(events ->
                        Answer.streamed("text/event-stream", Map.of("X-Accel-Buffering", "no"), () -> events.next()
                                .map(Optional::of)))
                .orElseGet(() -> new Answer(reply.status(), type, reply.json()));
    }

    private static McpCaller caller(Call call) {
        Principal principal = call.principal();
        return principal instanceof Principal.FaceKey key
                ? new McpCaller(key.actor(), key.id(), call.address(), Set.copyOf(key.scopes()), call.traceparent())
                : new McpCaller(principal.actor(), McpCaller.OPERATOR, call.address(), Set.of(), call.traceparent());
    }

    private static Optional<String> header(Call call, String name) {
        return Optional.ofNullable(call.request().getHeader(name)).filter(value -> !value.isEmpty());
    }
}
