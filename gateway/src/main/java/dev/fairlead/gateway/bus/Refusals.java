package dev.fairlead.gateway.bus;

import dev.fairlead.gateway.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the envelopes that are not heard, and says so in one line: whoever reaches the port must not fill the log.
 * Confined to one thread.
 */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    /** At most. */
    private static final Duration TELLING = Duration.ofMinutes(1);

    private final MeterRegistry metrics;
    private final TimeSource time;
    private long since;
    private long untold;
    private boolean told;

    Refusals(MeterRegistry metrics, TimeSource time) {
        this.metrics = metrics;
        this.time = time;
        for (PeerRules.Refused why : PeerRules.Refused.values()) {
            count(why, 0);
        }
    }

    /** @param what is wrong with it, without anything that a stranger wrote */
    void refused(PeerRules.Refused why, String what) {
        count(why, 1);
        if (why == PeerRules.Refused.OUTDATED) {
            return; // what was on its way when a node started again is nobody's doing
        }
        untold++;
        if (!told || time.nanos() - since >= TELLING.toNanos()) {
            log.warn(
                    "{} messages to this node were dropped, the last of them {}. If it goes on, somebody who is no node"
                            + " of the fleet reaches its ports, which belong into a network of the nodes alone",
                    untold,
                    what);
            told = true;
            since = time.nanos();
            untold = 0;
        }
    }

    private void count(PeerRules.Refused why, int by) {
        metrics.counter("fairlead.cluster.refused.envelopes", "why", why.name().toLowerCase(Locale.ROOT))
                .increment(by);
    }
}
