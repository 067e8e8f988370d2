package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Arrays;
import java.util.Optional;

/** Whether an instance whose process ended by itself is started again. */
public enum RestartPolicy {
    NEVER("never"),
    /** After any end but exit code 0; an end whose code nobody saw counts as a failure. */
    ON_FAILURE("on-failure"),
    ALWAYS("always");

    private final String wire;

    RestartPolicy(String wire) {
        this.wire = wire;
    }

    /** The policy as it stands in JSON. */
    @JsonValue
    public String wire() {
        return wire;
    }

    /**
     * The policy of that name.
     *
     * @throws FairleadException {@code bad_request}
     */
    @JsonCreator
    public static RestartPolicy of(String wire) {
        return Arrays.stream(values())
                .filter(policy -> policy.wire.equals(wire))
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field 'restart' is one of never, on-failure, always"));
    }

    boolean restartsAfter(Optional<Integer> exitCode) {
        return this == ALWAYS || (this == ON_FAILURE && (exitCode.isEmpty() || exitCode.get() != 0));
    }
}
