package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.Function;

/**
 * Answers that take more than one message. The work goes on whether the client stays or not: one that comes back with
 * the id of the last event it saw is told the rest.
 */
final class McpStreams {
    private final Bus bus;
    private final String place;

    McpStreams(Bus bus, String node) {
        this.bus = bus;
        this.place = McpCommands.place(node);
    }

    /**
     * Begins an answer.
     *
     * @param progressToken by which the client is told that it still takes time
     * @param work the last message, given a way to send others before
     */
    Future<McpReply> begin(
            McpCaller caller, Optional<JsonNode> progressToken, Function<Stream, Future<McpReply>> work) {
        return bus.requestAt(place, new McpCommands.OpenStream(caller.holder(), progressToken))
                .map(opened -> {
                    Stream stream = message -> append(opened.id(), Buffer.buffer(FrameCodec.encode(message)), false);
                    work.apply(stream).onSuccess(last -> append(opened.id(), last.json(), true));
                    return McpReply.of(new EventReader.OfAnswer(bus, place, opened.id(), caller.holder(), 0));
                });
    }

    /** Goes on with one: {@code lastEventId} is that of the last event the client saw. */
    Future<McpReply> resume(McpCaller caller, String lastEventId) {
        int colon = lastEventId.lastIndexOf(':');
        try {
            int seen = Integer.parseInt(lastEventId.substring(colon + 1));
            String name = lastEventId.substring(0, Math.max(0, colon));
            return name.startsWith(Subscriptions.PREFIX)
                    ? new EventReader.OfSubscription(bus, place, name, caller.holder(), seen).begin()
                    : new EventReader.OfAnswer(bus, place, name, caller.holder(), seen).begin();
        } catch (NumberFormatException e) {
            return Future.failedFuture(
                    new FairleadException(ErrorCode.NOT_FOUND, "The Last-Event-ID is none of this gateway's"));
        }
    }

    /** What a client of the older era is asked, in the middle of the answer to a call. */
    static ObjectNode elicitation(ObjectNode question) {
        ObjectNode request = FrameCodec.object().put("jsonrpc", RpcMessage.VERSION);
        request.set("id", question.path("requestState"));
        request.put("method", "elicitation/create");
        ObjectNode params = (ObjectNode) question.at("/inputRequests/approval/params");
        params.remove("mode"); // a form is all there was
        return request.set("params", params);
    }

    private void append(String id, Buffer json, boolean last) {
        bus.requestAt(place, new McpCommands.Append(id, json.toString(), last));
    }

    /** A way to send messages before the last. */
    interface Stream {
        void send(ObjectNode message);
    }
}
