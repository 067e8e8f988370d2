package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.agent.PendingRequests.Asker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Subject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes requests to the agents they are for, on this edge or another, and their answers back. It keeps nothing: a
 * request that meets no connection fails at once.
 */
public final class AgentRouter {
    private static final int MAX_FORWARDED = 6_250; // times the senders each may stand for

    private final String edge;
    private final Bus bus;
    private final TimeSource time;
    private final AgentDirectory directory;
    private final Map<Long, AgentSocket> sockets = new HashMap<>();
    private final PendingRequests forwarded = new PendingRequests(MAX_FORWARDED);

    AgentRouter(String edge, Bus bus, TimeSource time, AgentDirectory directory) {
        this.edge = edge;
        this.bus = bus;
        this.time = time;
        this.directory = directory;
    }

    void add(long connection, AgentSocket socket) {
        sockets.put(connection, socket);
    }

    void remove(long connection) {
        sockets.remove(connection);
    }

    void forEach(Consumer<AgentSocket> action) {
        List.copyOf(sockets.values()).forEach(action); // one that is closed for being slow leaves the map
    }

    Optional<AgentSocket> socket(long connection) {
        return Optional.ofNullable(sockets.get(connection));
    }

    /**
     * Asks an agent; {@code asker} hears the outcome, once: the answer, {@code agent_offline}, {@code busy} or
     * {@code timeout}.
     *
     * @param from the agent that asks; empty for the operator
     * @param traceparent in the course of which trace
     */
    void ask(
            String agent,
            Optional<String> from,
            Optional<String> traceparent,
            Subject subject,
            Optional<RawJson> data,
            Duration timeout,
            Asker asker) {
        Optional<Route> known = directory.find(agent);
        if (known.isPresent()) {
            askAt(known.get(), agent, from, traceparent, subject, data, timeout, asker);
            return;
        }
        // The agent may have its registration in hand while the news of it is still on its way to this edge; the
        // answer to a question comes after that.
        bus.request(new AgentCommands.GetAgent(agent)).onComplete(asked -> {
            Optional<Route> route = directory.find(agent);
            if (route.isPresent()) {
                askAt(route.get(), agent, from, traceparent, subject, data, timeout, asker);
            } else {
                asker.failed(offline(agent));
            }
        });
    }

    private void askAt(
            Route route,
            String agent,
            Optional<String> from,
            Optional<String> traceparent,
            Subject subject,
            Optional<RawJson> data,
            Duration timeout,
            Asker asker) {
        long deadline = time.nanos() + timeout.toNanos();
        try {
            if (route.edge().equals(edge)) {
                askHere(route, agent, from, traceparent, subject, data, deadline, asker);
            } else {
                // The other edge keeps the deadline; this one outlasts it, so that its word arrives first.
                long ticket =
                        forwarded.add(asker, deadline + Duration.ofSeconds(1).toNanos(), from);
                bus.publishAt(
                        route.edge(),
                        RouteEvent.class,
                        new RouteEvent.Ask(
                                edge,
                                ticket,
                                route.connection(),
                                route.epoch(),
                                from,
                                traceparent,
                                subject.value(),
                                data,
                                timeout.toMillis()));
            }
        } catch (FairleadException refusal) {
            asker.failed(refusal);
        }
    }

    void heard(RouteEvent event) {
        if (event instanceof RouteEvent.Ask ask) {
            heardAsk(ask);
        } else if (event instanceof RouteEvent.Answer answer) {
            forwarded.answer(answer.ticket(), answer.data());
        } else if (event instanceof RouteEvent.NoAnswer none) {
            forwarded.fail(
                    none.ticket(),
                    new FairleadException(ErrorCode.of(none.code()).orElse(ErrorCode.INTERNAL), none.message()));
        }
    }

    /** Whether there is somebody, or a question underway, that may have to be ended. */
    boolean isBusy() {
        return !sockets.isEmpty() || forwarded.size() > 0;
    }

    void sweep(long now) {
        forwarded.expire(now);
        sockets.values().forEach(socket -> socket.expireRequests(now));
    }

    private void askHere(
            Route route,
            String agent,
            Optional<String> from,
            Optional<String> traceparent,
            Subject subject,
            Optional<RawJson> data,
            long deadline,
            Asker asker) {
        AgentSocket socket = sockets.get(route.connection());
        if (socket == null || !socket.isOwner(route.epoch())) {
            asker.failed(offline(agent));
        } else {
            socket.ask(from, traceparent, subject, data, deadline, asker);
        }
    }

    private void heardAsk(RouteEvent.Ask ask) {
        Asker back = new Asker() {
            @Override
            public void answered(Optional<RawJson> data) {
                bus.publishAt(ask.askingEdge(), RouteEvent.class, new RouteEvent.Answer(ask.ticket(), data));
            }

            @Override
            public void failed(FairleadException why) {
                bus.publishAt(
                        ask.askingEdge(),
                        RouteEvent.class,
                        new RouteEvent.NoAnswer(ask.ticket(), why.code().wire(), why.getMessage()));
            }
        };
        Route route = new Route(edge, ask.connection(), ask.epoch());
        long deadline = time.nanos() + Duration.ofMillis(ask.timeoutMillis()).toNanos();
        try {
            askHere(
                    route,
                    "the agent",
                    ask.from(),
                    ask.traceparent(),
                    new Subject(ask.subject()),
                    ask.data(),
                    deadline,
                    back);
        } catch (FairleadException refusal) {
            back.failed(refusal);
        }
    }

    private static FairleadException offline(String agent) {
        return new FairleadException(ErrorCode.AGENT_OFFLINE, "Agent '" + agent + "' is not connected");
    }
}
