package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.streams.StreamEvent;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log that is watched: reads it on when its tail says so and hands on what came. Used on one event loop. */
final class LogWatch {
    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);

    private record Came(long id, LogStretch stretch, LineTimes times, Map<String, EncodedFrames> frames) {}

    private final String name;
    private final LogTail tail;
    private final Logs logs;
    private final FileNotifier.Watch watch;
    private final TimeSource time;
    private final Scheduler scheduler;
    private final Consumer<StreamEvent> publish;
    private Future<Void> reading = Future.succeededFuture();
    private boolean stopped;
    private boolean failing;

    LogWatch(
            String name,
            LogTail tail,
            Logs logs,
            FileNotifier.Watch watch,
            TimeSource time,
            Scheduler scheduler,
            Consumer<StreamEvent> publish) {
        this.name = name;
        this.tail = tail;
        this.logs = logs;
        this.watch = watch;
        this.time = time;
        this.scheduler = scheduler;
        this.publish = publish;
    }

    LogTail tail() {
        return tail;
    }

    /** Something may have happened to the log. */
    void noticed() {
        schedule(tail.noticed(time.nanos()));
    }

    /** The gateway rotated the log; nothing is lost by it, and only who is up to date is told. */
    void rotated() {
        EncodedFrames frames = LogFrames.rotated();
        Set.copyOf(tail.filters().keySet())
                .forEach(
                        view -> publish.accept(new StreamEvent.Frames(view, tail.position(), tail.position(), frames)));
    }

    /** What is watched is gone: the rest of it, and the reason, are told. */
    Future<Void> end(String reason) {
        stop();
        return reading.compose(ignored -> readToEnd()).onComplete(done -> {
            EncodedFrames last = LogFrames.ended(reason);
            tail.filters().keySet().forEach(view -> publish.accept(new StreamEvent.Ended(view, last)));
        });
    }

    private Future<Void> readToEnd() {
        long from = tail.position();
        return read(Rest.ENDS).compose(ignored -> tail.position() == from ? Future.succeededFuture() : readToEnd());
    }

    void stop() {
        stopped = true;
        watch.stop();
    }

    private void schedule(Optional<Duration> when) {
        if (when.isPresent() && !stopped) {
            if (when.get().isZero()) {
                readOn();
            } else {
                scheduler.after(when.get(), this::readOn);
            }
        }
    }

    private void readOn() {
        if (!stopped) {
            watch.again(); // what happens from here on is noticed anew
            reading = read(tail.begin(time.nanos()));
        }
    }

    private Future<Void> read(Rest rest) {
        Map<String, LogFilter> filters = tail.filters();
        long from = tail.position();
        return logs.with(name, open -> {
                    open.sync();
                    LogStretch stretch = open.reader().read(from, LogReader.NO_LIMIT, rest);
                    LineTimes times = open.times().between(stretch.from(), stretch.to());
                    Map<String, EncodedFrames> frames = new HashMap<>();
                    filters.forEach((view, filter) ->
                            frames.put(view, open.frames(filter).of(stretch, times, false)));
                    return new Came(open.file().files().id(), stretch, times, frames);
                })
                .transform(done -> {
                    if (done.succeeded()) {
                        came(done.result());
                    } else {
                        failed(done.cause());
                    }
                    return Future.succeededFuture();
                });
    }

    private void came(Came came) {
        failing = false;
        LogStretch stretch = came.stretch;
        Optional<Duration> next = tail.done(stretch, time.nanos());
        if (stretch.to() != stretch.from()) {
            // A filter that came while this was read is made up for.
            tail.filters()
                    .forEach((view, filter) -> publish.accept(new StreamEvent.Frames(
                            view,
                            stretch.from(),
                            stretch.to(),
                            Optional.ofNullable(came.frames.get(view))
                                    .orElseGet(() -> new LogFrames(came.id, filter).of(stretch, came.times, false)))));
        }
        schedule(next);
    }

    private void failed(Throwable failure) {
        if (!failing && !stopped) {
            failing = true;
            log.warn("Log '{}' cannot be read; tried again every second", name, failure);
        }
        schedule(tail.failed());
    }
}
