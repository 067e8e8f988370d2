package dev.fairlead.gateway.faces.acp;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Supplier;

/** What belongs together: one session of the agent, one prompt at a time. Confined to one event loop. */
final class AcpConversation {
    /** A prompt under way. */
    static final class Running {
        private final TurnView view = new TurnView();
        private final Audience audience;

        Running(Audience audience) {
            this.audience = audience;
        }

        TurnView view() {
            return view;
        }

        Audience audience() {
            return audience;
        }

        void show(Shown shown) {
            audience.show(shown);
        }
    }

    private final String key;
    private Optional<String> session = Optional.empty();
    private Optional<Running> running = Optional.empty();
    private boolean replaying;
    private Future<?> last = Future.succeededFuture();

    /**
     * A conversation that has no session yet.
     *
     * @param key what the session is kept under
     */
    AcpConversation(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    Optional<String> session() {
        return session;
    }

    void session(Optional<String> id) {
        session = id;
    }

    /** Whether the agent tells what was said before, which is not news. */
    void replaying(boolean does) {
        replaying = does;
    }

    void running(Optional<Running> prompt) {
        running = prompt;
    }

    /** The prompt that what the agent says now belongs to. */
    Optional<Running> heard() {
        return replaying ? Optional.empty() : running;
    }

    boolean runs(Running prompt) {
        return running.filter(now -> now == prompt).isPresent();
    }

    boolean isIdle() {
        return last.isComplete();
    }

    /** Does something after all that was to be done before, whatever came of that. */
    <T> Future<T> next(Supplier<Future<T>> action) {
        Future<T> done = last.transform(before -> action.get());
        last = done;
        return done;
    }
}
