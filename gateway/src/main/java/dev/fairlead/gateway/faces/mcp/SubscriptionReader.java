package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;

/** One client's way through what changes, from the beginning or from where it was cut. */
final class SubscriptionReader implements McpReply.Events {
    /** Proxies and clients take a connection on which nothing comes for dead. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(15);

    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

    private final Bus bus;
    private final String place;
    private final String name;
    private final String holder;
    private int seen;
    private boolean ended;

    SubscriptionReader(Bus bus, String place, String name, String holder, int seen) {
        this.bus = bus;
        this.place = place;
        this.name = name;
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
                .map(this::piece)
                .recover(cause -> Bus.refusal(cause).code() == ErrorCode.NOT_FOUND
                        ? Future.succeededFuture(Buffer.buffer())
                        : Future.failedFuture(cause));
    }

    /** Only the last event of a piece has an id: whoever is cut off before it is told all of the piece again. */
    private Buffer piece(McpCommands.Changes changes) {
        seen = changes.number();
        ended = changes.ended();
        Buffer piece = Buffer.buffer();
        for (Iterator<String> events = changes.events().iterator(); events.hasNext(); ) {
            String event = events.next();
            piece.appendString("event: message\n");
            if (!events.hasNext()) {
                piece.appendString("id: " + name + ":" + seen + "\n");
            }
            piece.appendString("data: ").appendString(event).appendString("\n\n");
        }
        return piece.length() == 0 ? Buffer.buffer(": still here\n\n") : piece;
    }

    private Future<McpCommands.Changes> read(Duration patience) {
        return bus.requestAt(
                place, new McpCommands.ReadChanges(name, holder, seen, patience), patience.plus(ON_THE_WAY));
    }
}
