package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** One client's way through an answer that comes in events, from the beginning or from where it was cut. */
final class EventReader implements McpReply.Events {
    /** Proxies and clients take a connection on which nothing comes for dead. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(15);

    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

    private final Bus bus;
    private final String place;
    private final String stream;
    private final String holder;
    private int seen;
    private boolean ended;

    EventReader(Bus bus, String place, String stream, String holder, int seen) {
        this.bus = bus;
        this.place = place;
        this.stream = stream;
        this.holder = holder;
        this.seen = seen;
    }

    /** Fails with {@code not_found} where nothing is kept under that name, for this client. */
    Future<McpReply> begin() {
        return read(Duration.ZERO).map(kept -> McpReply.of(this));
    }

    @Override
    public Future<Buffer> next() {
        if (ended) {
            return Future.succeededFuture(Buffer.buffer());
        }
        return read(KEEPALIVE)
                .map(events -> {
                    Buffer piece = Buffer.buffer();
                    for (String event : events.events()) {
                        seen++;
                        piece.appendString("event: message\nid: " + stream + ":" + seen + "\ndata: ")
                                .appendString(event)
                                .appendString("\n\n");
                    }
                    ended = events.ended();
                    return piece.length() == 0 && !ended ? Buffer.buffer(": still here\n\n") : piece;
                })
                .recover(cause -> Bus.refusal(cause).code() == ErrorCode.NOT_FOUND
                        ? Future.succeededFuture(Buffer.buffer())
                        : Future.failedFuture(cause));
    }

    private Future<McpCommands.Events> read(Duration patience) {
        return bus.requestAt(
                place, new McpCommands.ReadEvents(stream, holder, seen, patience), patience.plus(ON_THE_WAY));
    }
}
