package dev.fairlead.gateway.bench;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** Work of which each piece follows the one before as soon as that is done: as fast as it comes. */
abstract class ClosedLoop implements Load {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LoadLoop loop;
    private Histogram latencies = Sample.histogram();
    private boolean going;
    private int outstanding;
    private long done;

    ClosedLoop(LoadLoop loop) {
        this.loop = loop;
    }

    /** Begins the first pieces, those that go on side by side. */
    abstract void begin();

    @Override
    public final Sample round(Duration duration) {
        latencies = Sample.histogram();
        done = 0;
        going = true;
        long start = loop.now();
        begin();
        loop.run(duration);
        long counted = done;
        long nanos = loop.now() - start;
        going = false;
        drain();
        return new Sample(counted, nanos, latencies);
    }

    /** Waits for the pieces that are underway. */
    final void drain() {
        loop.runUntil(() -> outstanding == 0, PATIENCE);
    }

    /** A piece has begun. */
    final void began() {
        outstanding++;
    }

    /** A piece that began then is done; answers whether the next follows. */
    final boolean done(long began) {
        outstanding--;
        done++;
        latencies.recordValue(loop.now() - began);
        return going;
    }
}
