package dev.fairlead.protocol;

import java.time.Duration;
import java.util.Optional;

/** {@code {"error":{"code":…,"message":…}}}: the body of a refused REST call, and the data of an error envelope. */
public record ErrorBody(Detail error) {

    /**
     * What went wrong.
     *
     * @param code by its name on the wire; one a later version added is told as it came
     * @param subject of the envelope that failed; agent socket only
     * @param retryAfterMs milliseconds after which a retry makes sense; agent socket only
     */
    public record Detail(String code, String message, Optional<String> subject, Optional<Long> retryAfterMs) {}

    public static ErrorBody of(ErrorCode code, String message) {
        return new ErrorBody(new Detail(code.wire(), message, Optional.empty(), Optional.empty()));
    }

    public static ErrorBody of(FairleadException e) {
        return of(e.code(), e.getMessage());
    }

    /** For the agent socket: with the subject of the envelope that failed. */
    public static ErrorBody of(FairleadException e, Subject subject) {
        return new ErrorBody(new Detail(
                e.code().wire(),
                e.getMessage(),
                Optional.of(subject.value()),
                e.retryAfter().map(Duration::toMillis)));
    }

    /** The same error on this side of the wire; a code this version does not know becomes {@code internal}. */
    public FairleadException toException() {
        return ErrorCode.of(error.code())
                .map(code -> new FairleadException(code, error.message()))
                .orElseGet(() -> new FairleadException(ErrorCode.INTERNAL, error.code() + ": " + error.message()));
    }
}
