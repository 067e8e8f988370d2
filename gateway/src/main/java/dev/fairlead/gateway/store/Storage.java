package dev.fairlead.gateway.store;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;

/** The refusals of a database that cannot be reached or does not keep up. */
final class Storage {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Storage() {}

    /** @param why {@link RootCause} of what was met */
    static FairleadException unavailable(String why) {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The database does not serve: " + why + ". Nothing was acknowledged; try again in a moment.",
                RETRY_AFTER);
    }

    /**
     * As {@link #unavailable}, where the commit had begun: it may have been kept.
     *
     * @param unlikely there was no place to keep it in
     */
    static FairleadException inDoubt(String why, boolean unlikely) {
        return new FairleadException(
                unlikely ? ErrorCode.STORAGE_UNAVAILABLE : ErrorCode.OUTCOME_UNKNOWN,
                "The database does not serve: " + why + ". What was asked for may have been stored; repeat it with the"
                        + " same idempotency_key, or look first where it takes none.",
                RETRY_AFTER);
    }

    static FairleadException overloaded(int waiting) {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                waiting + " writes wait for the database already; this one was not taken. Try again in a moment.",
                RETRY_AFTER);
    }

    static FairleadException crowded() {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "More reads wait for the database than it serves. Try again in a moment; db.pool_size gives it more"
                        + " connections.",
                RETRY_AFTER);
    }

    static FairleadException closed() {
        return new FairleadException(ErrorCode.SHUTTING_DOWN, "The gateway is shutting down.", RETRY_AFTER);
    }
}
