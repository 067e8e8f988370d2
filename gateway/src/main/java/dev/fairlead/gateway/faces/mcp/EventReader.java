package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.protocol.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Iterator;

/**
 * One client's way through what comes in events, from the beginning or from where it was cut.
 *
 * @param <R> what its keeper answers
 */
abstract sealed class EventReader<R extends Record> implements McpReply.Events {
    /** Proxies and clients take a connection on which nothing comes for dead. */
    private static final Duration KEEPALIVE = Duration.ofSeconds(15);

    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

    private final Bus bus;
    private final String place;
    final String name;
    final String holder;
    /** The number of the last event its client was told. */
    int seen;

    boolean ended;

    private EventReader(Bus bus, String place, String name, String holder, int seen) {
        this.bus = bus;
        this.place = place;
        this.name = name;
        this.holder = holder;
        this.seen = seen;
    }

    /** Fails with {@code not_found} where nothing is kept under that name, for this client. */
    final Future<McpReply> begin() {
        return read(Duration.ZERO).map(kept -> McpReply.of(this));
    }

    @Override
    public final Future<Buffer> next() {
        if (ended) {
            return Future.succeededFuture(Buffer.buffer());
        }
        return read(KEEPALIVE)
                .map(kept -> {
                    Buffer piece = piece(kept);
                    return piece.length() == 0 && !ended ? Buffer.buffer(": still here\n\n") : piece;
                })
                .recover(cause -> Bus.refusal(cause).code() == ErrorCode.NOT_FOUND
                        ? Future.succeededFuture(Buffer.buffer())
                        : Future.failedFuture(cause));
    }

    private Future<R> read(Duration patience) {
        return bus.requestAt(place, asks(patience), patience.plus(ON_THE_WAY));
    }

    /** What comes after what was seen. */
    abstract Request<R> asks(Duration patience);

    /** The events of an answer, which are seen with it; empty where there are none. */
    abstract Buffer piece(R kept);

    /** Of the answer to one call: each of its events has an id. */
    static final class OfAnswer extends EventReader<McpCommands.Events> {
        OfAnswer(Bus bus, String place, String name, String holder, int seen) {
            super(bus, place, name, holder, seen);
        }

        @Override
        Request<McpCommands.Events> asks(Duration patience) {
            return new McpCommands.ReadEvents(name, holder, seen, patience);
        }

        @Override
        Buffer piece(McpCommands.Events kept) {
            ended = kept.ended();
            Buffer piece = Buffer.buffer();
            for (String event : kept.events()) {
                seen++;
                piece.appendString("event: message\nid: " + name + ":" + seen + "\ndata: ")
                        .appendString(event)
                        .appendString("\n\n");
            }
            return piece;
        }
    }

    /**
     * Of what changes: only the last event of a piece has an id, so that who is cut off before is told all of it again.
     */
    static final class OfSubscription extends EventReader<McpCommands.Changes> {
        OfSubscription(Bus bus, String place, String name, String holder, int seen) {
            super(bus, place, name, holder, seen);
        }

        @Override
        Request<McpCommands.Changes> asks(Duration patience) {
            return new McpCommands.ReadChanges(name, holder, seen, patience);
        }

        @Override
        Buffer piece(McpCommands.Changes kept) {
            seen = kept.number();
            ended = kept.ended();
            Buffer piece = Buffer.buffer();
            for (Iterator<String> events = kept.events().iterator(); events.hasNext(); ) {
                String event = events.next();
                piece.appendString("event: message\n");
                if (!events.hasNext()) {
                    piece.appendString("id: " + name + ":" + seen + "\n");
                }
                piece.appendString("data: ").appendString(event).appendString("\n\n");
            }
            return piece;
        }
    }
}
