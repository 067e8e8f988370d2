package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.gateway.logs.LogLevel;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** {@code /api/logs/search}: the lines of all logs, rotated and archived ones too, in which something stands. */
public final class LogSearchCalls {
    private static final byte LINE_FEED = '\n';

    private final Bus bus;
    private final String place;
    private final Settings.Logs settings;
    private final TimeSource time;

    /** On the logs of {@code node}. */
    public LogSearchCalls(Bus bus, String node, Settings.Logs settings, TimeSource time) {
        this.bus = bus;
        this.place = LogCommands.place(node);
        this.settings = settings;
        this.time = time;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/logs/search", Access.OPERATOR, this::search));
    }

    /** The end of an answer, its last line. */
    record Done(boolean done, boolean truncated, long scannedBytes) {}

    private Future<Answer> search(Call call) {
        LogCommands.SearchOn wanted = wanted(call, "q");
        Optional<String> asked = call.query("instances");
        Optional<String> selector = call.query("selector");
        if (asked.isPresent() && selector.isPresent()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Parameters 'instances' and 'selector' exclude each other: give one");
        }
        return names(asked, selector).compose(names -> {
            Pieces pieces = new Pieces(wanted, names, asked.isEmpty());
            // The first step tells whether it can be searched at all, while a status can still say so.
            return pieces.next().map(first -> Answer.streamed("application/x-ndjson", Map.of(), pieces.after(first)));
        });
    }

    /**
     * Which lines a call is about, of whatever log.
     *
     * @param text the parameter that says what stands in them
     */
    static LogCommands.SearchOn wanted(Call call, String text) {
        return new LogCommands.SearchOn(
                "",
                Optional.empty(),
                // Refused as such even where there is no log to search.
                LogCommands.Filter.of(call.query(text), call.query("grep_mode"), call.query("case"))
                        .checked(text),
                call.moment("since"),
                call.moment("until"),
                call.query("level").map(LogSearchCalls::level),
                Optional.empty());
    }

    private static LogLevel level(String text) {
        return LogLevel.named(text)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST,
                        "Parameter 'level' is trace, debug, info, warn, error or fatal, for that and what is worse"));
    }

    /** Those asked for, those with the labels, or all there are: archived instances and agents as well. */
    private Future<List<String>> names(Optional<String> asked, Optional<String> selector) {
        if (asked.isPresent()) {
            return Future.succeededFuture(Arrays.stream(asked.get().split(","))
                    .map(name -> Names.require("instances", name.strip()))
                    .distinct()
                    .toList());
        }
        return bus.request(new InstanceCommands.ListInstances(true, selector)).compose(instances -> {
            TreeSet<String> all = new TreeSet<>();
            instances.instances().forEach(one -> all.add(one.name()));
            // Agents have no labels.
            return selector.isPresent()
                    ? Future.succeededFuture(List.copyOf(all))
                    : bus.request(new AgentCommands.ListAgents()).map(agents -> {
                        agents.agents().forEach(one -> all.add(one.name()));
                        return List.copyOf(all);
                    });
        });
    }

    /**
     * The lines found, log after log, each oldest first. It goes on only as the client takes them: one that leaves ends
     * it. While nothing is found an empty line tells whether somebody is there.
     */
    private final class Pieces implements Answer.Source {
        private final LogCommands.SearchOn wanted;
        private final ArrayDeque<String> names;
        private final long began = time.nanos();
        private final boolean all;
        private Optional<String> from = Optional.empty();
        private long scanned;
        private int lines;
        private boolean over;
        private boolean missed;

        Pieces(LogCommands.SearchOn wanted, List<String> names, boolean all) {
            this.wanted = wanted;
            this.names = new ArrayDeque<>(names);
            this.all = all;
        }

        /** These pieces behind one that was fetched already. */
        Answer.Source after(Optional<Buffer> first) {
            ArrayDeque<Optional<Buffer>> fetched = new ArrayDeque<>(List.of(first));
            return () -> fetched.isEmpty() ? next() : Future.succeededFuture(fetched.remove());
        }

        @Override
        public Future<Optional<Buffer>> next() {
            if (over) {
                return Future.succeededFuture(Optional.of(Buffer.buffer()));
            }
            boolean spent = time.nanos() - began >= settings.searchTime().toNanos()
                    || scanned >= settings.searchBytes().bytes()
                    || lines >= settings.searchLines();
            if (names.isEmpty() || spent) {
                over = true;
                return Future.succeededFuture(
                        Optional.of(line(Buffer.buffer(), new Done(true, missed || !names.isEmpty(), scanned))));
            }
            return bus.requestAt(place, wanted.on(names.peek(), from, Optional.empty()))
                    .map(found -> Optional.of(found(found)))
                    .recover(failure -> {
                        ErrorCode code = Bus.refusal(failure).code();
                        if (all && (code == ErrorCode.INSTANCE_NOT_FOUND || isAway(code))) {
                            missed |= isAway(code);
                            names.remove(); // deleted meanwhile, or its node does not answer
                            from = Optional.empty();
                            return Future.succeededFuture(Optional.of(Buffer.buffer(new byte[] {LINE_FEED})));
                        }
                        return Future.failedFuture(failure);
                    });
        }

        private static boolean isAway(ErrorCode code) {
            return code == ErrorCode.SHUTTING_DOWN || code == ErrorCode.TIMEOUT;
        }

        private Buffer found(LogCommands.Found found) {
            Buffer piece = Buffer.buffer();
            found.lines().stream().limit(settings.searchLines() - lines).forEach(match -> line(piece, match));
            boolean cut = found.lines().size() > settings.searchLines() - lines;
            lines += Math.min(found.lines().size(), settings.searchLines() - lines);
            scanned += found.scanned();
            from = found.next();
            if (from.isEmpty() && !cut) {
                names.remove();
            }
            return piece.length() == 0 ? piece.appendByte(LINE_FEED) : piece;
        }

        private Buffer line(Buffer piece, Object value) {
            return piece.appendBytes(FrameCodec.encode(value)).appendByte(LINE_FEED);
        }
    }
}
