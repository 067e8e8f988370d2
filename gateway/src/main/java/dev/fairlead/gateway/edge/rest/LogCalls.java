package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /api/instances/:name/logs}: a log by pages, and as a whole. */
public final class LogCalls {
    private static final int DEFAULT_LINES = 100;
    private static final int MAX_LINES = 1000;

    private final Bus bus;
    private final String place;

    /** On the logs of {@code node}. */
    public LogCalls(Bus bus, String node) {
        this.bus = bus;
        this.place = LogCommands.place(node);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/instances/:name/logs", Access.OPERATOR, this::page),
                Endpoint.get("/api/instances/:name/logs/download", Access.OPERATOR, this::download)
                        .audited("log.download"));
    }

    private Future<Answer> page(Call call) {
        String name = call.name("name");
        int lines = call.number("lines", DEFAULT_LINES, 0, MAX_LINES);
        LogCommands.Filter filter =
                LogCommands.Filter.of(call.query("grep"), call.query("grep_mode"), call.query("case"));
        return place(call)
                .map(from -> bus.requestAt(place, new LogCommands.ReadOn(name, lines, from, filter)))
                .orElseGet(
                        () -> bus.requestAt(place, new LogCommands.ReadPage(name, lines, call.query("before"), filter)))
                .map(Answer::ok);
    }

    /** From where on a log is read; empty where it is read backwards. */
    private static Optional<LogCommands.Place> place(Call call) {
        if (List.of("before", "after", "at").stream()
                        .filter(one -> call.query(one).isPresent())
                        .count()
                > 1) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Parameters 'before', 'after' and 'at' exclude each other: give one");
        }
        return call.query("after")
                .<LogCommands.Place>map(LogCommands.Place.Cursor::new)
                .or(() -> call.moment("at").map(LogCommands.Place.Moment::new));
    }

    private Future<Answer> download(Call call) {
        String name = call.name("name");
        LogCommands.SearchOn wanted = LogSearchCalls.wanted(call, "grep");
        return bus.requestAt(place, new LogCommands.GetExtent(name))
                .map(extent -> Answer.streamed(
                        "text/plain; charset=utf-8",
                        Map.of("Content-Disposition", "attachment; filename=\"" + name + ".log\""),
                        wanted.isOfAll() ? new Pieces(name, extent) : new Lines(name, wanted, extent)));
    }

    /** The lines of a log that are wanted, from the oldest to where it ended when it was asked for. */
    private final class Lines implements Answer.Source {
        private final String name;
        private final LogCommands.SearchOn wanted;
        private final long end;
        private Optional<String> from = Optional.empty();
        private boolean over;

        Lines(String name, LogCommands.SearchOn wanted, LogCommands.Extent extent) {
            this.name = name;
            this.wanted = wanted;
            this.end = extent.to();
        }

        @Override
        public Future<Optional<Buffer>> next() {
            if (over) {
                return Future.succeededFuture(Optional.of(Buffer.buffer()));
            }
            return bus.requestAt(place, wanted.on(name, from, Optional.of(end))).map(found -> {
                from = found.next();
                over = from.isEmpty();
                Buffer piece = Buffer.buffer();
                found.lines().forEach(match -> piece.appendString(match.line()).appendByte((byte) '\n'));
                // An empty piece would be the end.
                return piece.length() == 0 ? Optional.empty() : Optional.of(piece);
            });
        }
    }

    /** The pieces of a log from its oldest byte to where it ended when it was asked for. */
    private final class Pieces implements Answer.Source {
        private final String name;
        private final long end;
        private long next;

        Pieces(String name, LogCommands.Extent extent) {
            this.name = name;
            this.next = extent.from();
            this.end = extent.to();
        }

        @Override
        public Future<Optional<Buffer>> next() {
            return bus.requestAt(place, new LogCommands.ReadBytes(name, next, end))
                    .map(piece -> {
                        next = piece.next();
                        return Optional.of(Buffer.buffer(piece.bytes()));
                    });
        }
    }
}
