package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.instances.InstanceCommands;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers who reads a log by pages: backwards from its end or a cursor, onwards from a cursor or a moment. */
final class LogPages {
    private final Logs logs;

    LogPages(Logs logs) {
        this.logs = logs;
    }

    /** The lines before a cursor, or the latest; {@code request} is about a log that may exist. */
    Future<LogCommands.Page> before(LogCommands.ReadPage request) {
        Optional<LogCursor> before = request.before().map(LogCursor::parse);
        LogFilter filter = LogFilter.of(request.filter());
        return logs.with(request.name(), log -> {
            log.sync();
            long end = before.isPresent()
                    ? position(log, before.get())
                    : log.reader().lastLineEnd();
            return page(log, log.pager().before(end, request.lines(), filter), end, Optional.empty());
        });
    }

    /** The lines from a place on; {@code request} is about a log that may exist. */
    Future<LogCommands.Page> on(LogCommands.ReadOn request) {
        LogFilter filter = LogFilter.of(request.filter());
        Optional<LogCursor> after = request.from() instanceof LogCommands.Place.Cursor cursor
                ? Optional.of(LogCursor.parse(cursor.text()))
                : Optional.empty();
        return logs.with(request.name(), log -> {
            log.sync();
            long end = log.reader().lastLineEnd();
            long from = request.from() instanceof LogCommands.Place.Moment moment
                    ? from(log, log.times().from(moment.at()), end)
                    : position(log, after.orElseThrow());
            LogPager.Onward onward = log.pager().on(from, end, request.lines(), filter);
            return page(log, onward.page(), onward.end(), Optional.of(onward.end() < end));
        });
    }

    /** Looks through what came of the last run since the look before, for a line that says something. */
    Future<InstanceCommands.RunRead> find(InstanceCommands.FindInRun request) {
        LogFilter begins = LogFilter.of(new LogCommands.Filter(request.begins(), true, true));
        LogFilter says = LogFilter.of(new LogCommands.Filter(request.text(), false, false));
        Optional<LogCursor> before = request.from().map(LogCursor::parse);
        return logs.with(request.name(), log -> {
            log.sync();
            long end = log.reader().lastLineEnd();
            long from = before.isPresent() ? position(log, before.get()) : lastRun(log, end, begins);
            LogPager.Onward onward = log.pager().on(from, end, 1, says);
            return new InstanceCommands.RunRead(
                    !onward.page().lines().isEmpty(),
                    new LogCursor(log.file().files().id(), onward.end()).text());
        });
    }

    /** Where it begins; the oldest line kept where that is gone. */
    private static long lastRun(OpenLog log, long end, LogFilter begins) throws IOException {
        LogPager.Page page = log.pager().before(end, 1, begins);
        while (page.lines().isEmpty() && !page.first()) {
            page = log.pager().before(page.start(), 1, begins);
        }
        return page.start();
    }

    private static long from(OpenLog log, OptionalLong noted, long end) throws IOException {
        return noted.isPresent() ? log.pager().lineFrom(noted.getAsLong(), end) : end;
    }

    /** Of another numbering nothing is kept: its cursors are before all there is. */
    private static long position(OpenLog log, LogCursor cursor) {
        return cursor.log() == log.file().files().id() ? cursor.position() : 0;
    }

    private static LogCommands.Page page(OpenLog log, LogPager.Page page, long end, Optional<Boolean> more)
            throws IOException {
        long id = log.file().files().id();
        return new LogCommands.Page(
                page.lines().stream().map(LogLine::text).toList(),
                log.times().between(page.start(), end).of(page.lines()),
                page.lines().size(),
                new LogCursor(id, page.start()).text(),
                new LogCursor(id, end).text(),
                beginning(page),
                more);
    }

    /** Positions are counted from the first byte the log ever had. */
    private static Optional<LogCommands.Beginning> beginning(LogPager.Page page) {
        return page.first()
                ? Optional.of(page.start() == 0 ? LogCommands.Beginning.LOG : LogCommands.Beginning.KEPT)
                : Optional.empty();
    }
}
