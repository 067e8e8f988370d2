package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code subscriptions/listen}: a client of the stateless era hears that something changed, and reads it anew. It is
 * told of the resources it names and of their list; tools and prompts do not change while a gateway runs.
 */
final class McpSubscriptions {
    private static final int MOST_RESOURCES = 100;
    private static final int MOST_ID = 256; // characters; it is kept, and stands in each thing told

    private final Bus bus;
    private final String place;
    private final McpResources resources;

    McpSubscriptions(Bus bus, String node, McpResources resources) {
        this.bus = bus;
        this.place = McpCommands.place(node);
        this.resources = resources;
    }

    /** Begins an answer that lasts. What cannot be told is left out of what is acknowledged. */
    Future<McpReply> listen(McpCaller caller, RpcMessage request) {
        JsonNode wanted = request.params().path("notifications");
        JsonNode named = wanted.path("resourceSubscriptions");
        if (!wanted.isObject() || !(named.isArray() || named.isMissingNode() || named.isNull())) {
            throw McpFault.badParams(
                    "Parameter 'notifications' is an object, and 'resourceSubscriptions' in it a list of addresses");
        }
        if (named.size() > MOST_RESOURCES) {
            throw McpFault.badParams(
                    "A subscription names at most " + MOST_RESOURCES + " resources; make another one for the others");
        }
        if (request.id().orElseThrow().asText().length() > MOST_ID) {
            throw McpFault.badParams("The id of a request that lasts has at most " + MOST_ID + " characters");
        }
        Map<String, String> known = new LinkedHashMap<>();
        Future<Void> looked = Future.succeededFuture();
        for (JsonNode uri : named) {
            looked = looked.compose(before -> resources.address(caller, uri.asText()))
                    .map(address -> {
                        address.ifPresent(usual -> known.putIfAbsent(usual, uri.asText()));
                        return null;
                    });
        }
        return looked.compose(done -> bus.requestAt(
                        place,
                        new McpCommands.Listen(
                                caller.holder(),
                                request.id().orElseThrow(),
                                wanted.path("resourcesListChanged").asBoolean(),
                                known)))
                .map(opened ->
                        McpReply.of(new EventReader.OfSubscription(bus, place, opened.id(), caller.holder(), 0)));
    }
}
