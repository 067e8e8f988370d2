package dev.fairlead.gateway.ledger;

import dev.fairlead.gateway.bus.Request;
import java.time.Instant;

/** What can be asked of the time that is reckoned with. May also be refused with {@code storage_unavailable}. */
public final class LedgerTimeCommands {
    private LedgerTimeCommands() {}

    /** Takes the wall clock for right; answered when that is stored. */
    public record TrustClock() implements Request<Trusted> {}

    /**
     * The clock is trusted again.
     *
     * @param ledgerTime the time that is reckoned with now: the wall clock's, or a later one, for it never goes back
     */
    public record Trusted(Instant ledgerTime) {}
}
