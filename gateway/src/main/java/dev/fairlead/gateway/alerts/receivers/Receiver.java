package dev.fairlead.gateway.alerts.receivers;

import io.vertx.core.Future;
import java.util.List;

/** Somebody outside who is told. */
public interface Receiver {
    /** What the settings call it: {@code webhook}, {@code ntfy} or {@code email}. */
    String name();

    /**
     * Tells it several things at once.
     *
     * @return done when it has taken them; fails with an {@link Undelivered} that says why, without any secret
     */
    Future<Void> send(List<Notice> notices);

    /** Lets go of its connections. */
    Future<Void> close();
}
