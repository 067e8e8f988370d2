package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.settings.Settings;
import java.time.Duration;
import java.util.Optional;

/** The ages at which something is due, of a token that lives for {@code life}. */
record TokenLife(Duration warnAfter, Duration refreshAfter, Duration life) {
    /** An upstream that states less is not believed: it would be asked without end. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** The settings' own, or the same shares of the life that the upstream states. */
    static TokenLife of(Settings.Token settings, Optional<Duration> stated) {
        if (stated.isEmpty()) {
            return new TokenLife(settings.warnAfter(), settings.refreshAfter(), settings.life());
        }
        Duration life = stated.get().compareTo(LEAST) > 0 ? stated.get() : LEAST;
        return new TokenLife(
                share(settings.warnAfter(), settings, life), share(settings.refreshAfter(), settings, life), life);
    }

    private static Duration share(Duration age, Settings.Token settings, Duration life) {
        double part = (double) age.toNanos() / settings.life().toNanos();
        return Duration.ofNanos(Math.round(life.toNanos() * part));
    }
}
