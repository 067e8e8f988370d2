package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.streams.StreamCommands.Subscribe;
import dev.fairlead.gateway.streams.StreamCommands.Subscribed;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The first frames of those who come to a log, and what those missed who come back or fell behind: a new one gets the
 * {@code backlog}; one with a cursor the {@code lines} after it, at least an empty frame of them, or a {@code backlog}
 * where those bytes are gone; one that fell behind what it missed.
 */
final class LogSubscriptions {
    private static final int DEFAULT_BACKLOG = 100;

    /** Gives the watch on a log, begun where there is none. */
    @FunctionalInterface
    interface Watches {
        Future<LogWatch> on(String name);
    }

    private record First(EncodedFrames frames, long position) {}

    private final Logs logs;
    private final Watches watches;
    private final int maxViews;

    /**
     * For the logs of a node.
     *
     * @param maxViews most filters at a time on one log
     */
    LogSubscriptions(Logs logs, Watches watches, int maxViews) {
        this.logs = logs;
        this.watches = watches;
        this.maxViews = maxViews;
    }

    /** The name of the view of a log through a filter, unique on the node. */
    static String view(String name, LogCommands.Filter filter) {
        return "logs/" + name + "?" + (filter.regex() ? "r" : "t") + (filter.caseSensitive() ? "s" : "i")
                + filter.text();
    }

    private static LogCommands.Filter filter(Map<String, String> parameters) {
        return LogCommands.Filter.of(
                Optional.ofNullable(parameters.get("grep")),
                Optional.ofNullable(parameters.get("grep_mode")),
                Optional.ofNullable(parameters.get("case")));
    }

    /** How many lines of the past a client asks for. */
    static int backlog(Map<String, String> parameters) {
        String text = parameters.getOrDefault("backlog", Integer.toString(DEFAULT_BACKLOG));
        if (text.matches("\\d{1,4}") && Integer.parseInt(text) <= LogPager.MAX_LINES) {
            return Integer.parseInt(text);
        }
        throw new FairleadException(
                ErrorCode.BAD_REQUEST, "Parameter 'backlog' is a number from 0 to " + LogPager.MAX_LINES);
    }

    /** Takes a socket in; {@code name} is known to exist and {@code now} is in nanoseconds. */
    Future<Subscribed> subscribe(String name, Subscribe request, long now) {
        LogCommands.Filter wanted = filter(request.parameters());
        LogFilter filter = LogFilter.of(wanted);
        int backlog = backlog(request.parameters());
        Optional<LogCursor> since = request.since().map(LogCursor::parse);
        String view = view(name, wanted);
        return watches.on(name).compose(watch -> {
            LogTail tail = watch.tail();
            if (!tail.filters().containsKey(view) && tail.filters().size() >= maxViews) {
                return Future.failedFuture(new FairleadException(
                        ErrorCode.TOO_MANY_REQUESTS,
                        "Too many different filters are in use on this log; streams.max_views bounds them",
                        LogTail.LINGER));
            }
            tail.watch(view, filter, now);
            long head = tail.position();
            return logs.with(name, log -> first(log, filter, backlog, since, request.lag(), head))
                    .map(first -> new Subscribed(view, first.position, first.frames, first.position < tail.position()));
        });
    }

    private static First first(
            OpenLog log, LogFilter filter, int backlog, Optional<LogCursor> since, Optional<Long> lag, long head)
            throws IOException {
        log.sync();
        LogFrames frames = log.frames(filter);
        if (lag.isPresent()) {
            return readOn(log, frames, lag.get(), head, false);
        }
        if (since.isPresent() && isThere(log, since.get())) {
            return readOn(log, frames, since.get().position(), head, true);
        }
        LogPager.Page page = log.pager().before(head, backlog, filter);
        return new First(frames.backlog(page.lines(), log.times().between(page.start(), head), head), head);
    }

    private static First readOn(OpenLog log, LogFrames frames, long from, long head, boolean always)
            throws IOException {
        LogStretch stretch = log.reader().read(from, head, Rest.ENDS);
        return new First(frames.of(stretch, log.times().between(stretch.from(), stretch.to()), always), stretch.to());
    }

    private static boolean isThere(OpenLog log, LogCursor cursor) throws IOException {
        Generations files = log.file().files();
        if (cursor.log() != files.id() || cursor.position() > log.file().end()) {
            return false;
        }
        Optional<Generation> file = files.at(cursor.position());
        return file.isPresent()
                && (file.get().open() || cursor.position() <= file.get().end())
                && log.file().channel(file.get()).isPresent();
    }
}
