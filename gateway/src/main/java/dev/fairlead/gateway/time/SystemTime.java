package dev.fairlead.gateway.time;

import java.time.Instant;

/** The clocks of this machine. */
enum SystemTime implements TimeSource {
    INSTANCE;

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    public long millis() {
        return System.currentTimeMillis(); // on every envelope: no Instant made for it
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
