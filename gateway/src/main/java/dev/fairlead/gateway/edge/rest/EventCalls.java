package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.EventCommands;
import dev.fairlead.gateway.edge.access.Access;
import java.util.List;

/** {@code GET /api/events}: what the stream of events told, as far back as it is kept. */
public final class EventCalls {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 500;

    private final Bus bus;
    private final String node;

    public EventCalls(Bus bus, String node) {
        this.bus = bus;
        this.node = node;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/events", Access.OPERATOR, call -> bus.requestAt(
                        node, new EventCommands.Page(call.query("before"), call.number("limit", PAGE, 1, MAX_PAGE)))
                .map(Answer::ok)));
    }
}
