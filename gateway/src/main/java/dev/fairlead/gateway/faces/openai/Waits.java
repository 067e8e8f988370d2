package dev.fairlead.gateway.faces.openai;

import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Has who asks wait for what a turn brings, for a while: whoever asks comes again, so that nothing is held for long.
 */
final class Waits {
    /** How long a question may stay open. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long a stream is not begun, so that a turn that comes to nothing at once is an error of HTTP. */
    static final Duration FIRST = Duration.ofSeconds(2);

    private static final String COMMENT = ": keep-alive\n\n";

    private final Scheduler scheduler;

    Waits(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * The first answer to who asked for a turn: an error where it came to nothing before anything was shown.
     *
     * @param after the number of the last event that the client has
     */
    Future<OpenAiCommands.Reply> first(Run run, boolean streamed, long after) {
        Writer writer = run.writer();
        OpenAiCommands.Reply open = new OpenAiCommands.Reply(
                200,
                writer.body(),
                true,
                Optional.of(
                        new OpenAiCommands.Open(run.facts().id(), run.facts().sessionId(), streamed, after)));
        return until(
                run,
                () -> {
                    if (streamed && writer.hasShown()) {
                        return Optional.of(open);
                    }
                    return writer.isEnded() ? Optional.of(writer.reply()) : Optional.empty();
                },
                open,
                streamed ? FIRST : PATIENCE);
    }

    /** The end of a turn, or after a while how far it is. */
    Future<Run> end(Run run) {
        return until(run, () -> Optional.of(run).filter(one -> one.writer().isEnded()), run, PATIENCE);
    }

    /** The next events after a number. */
    Future<OpenAiCommands.Piece> read(Run run, long after) {
        return until(
                run,
                () -> run.writer().log().after(after, run.writer().isEnded()),
                new OpenAiCommands.Piece(COMMENT, after, false, Optional.empty()),
                PATIENCE);
    }

    private <T> Future<T> until(Run run, Supplier<Optional<T>> look, T otherwise, Duration within) {
        Optional<T> now = look.get();
        if (now.isPresent()) {
            return Future.succeededFuture(now.get());
        }
        Promise<T> found = Promise.promise();
        new Waiter<>(run, look, otherwise, within, found).start();
        return found.future();
    }

    private final class Waiter<T> implements Runnable {
        private final Run run;
        private final Supplier<Optional<T>> look;
        private final Promise<T> found;
        private final Scheduler.Cancellable patience;

        Waiter(Run run, Supplier<Optional<T>> look, T otherwise, Duration within, Promise<T> found) {
            this.run = run;
            this.look = look;
            this.found = found;
            this.patience = scheduler.after(within, () -> {
                run.forget(this);
                found.tryComplete(otherwise);
            });
        }

        void start() {
            run.onNews(this);
        }

        @Override
        public void run() {
            look.get()
                    .ifPresentOrElse(
                            news -> {
                                patience.cancel();
                                found.tryComplete(news);
                            },
                            () -> run.onNews(this));
        }
    }
}
