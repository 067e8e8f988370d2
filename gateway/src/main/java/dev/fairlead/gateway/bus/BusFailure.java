package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Optional;

/** A refusal on its way back over the bus: carries the error code, its text and when to try again. */
final class BusFailure extends ReplyException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final long retryAfterMillis;

    BusFailure(ErrorCode code, String message, long retryAfterMillis) {
        super(ReplyFailure.RECIPIENT_FAILURE, code.httpStatus(), message);
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
    }

    static BusFailure of(FairleadException refusal) {
        return new BusFailure(
                refusal.code(),
                refusal.getMessage(),
                refusal.retryAfter().map(Duration::toMillis).orElse(-1L));
    }

    ErrorCode code() {
        return code;
    }

    long retryAfterMillis() {
        return retryAfterMillis;
    }

    FairleadException toException() {
        return new FairleadException(
                code,
                getMessage(),
                retryAfterMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retryAfterMillis)));
    }
}
