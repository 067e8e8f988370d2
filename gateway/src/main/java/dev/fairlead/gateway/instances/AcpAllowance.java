package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Arrays;
import java.util.Locale;

/** What an agent that speaks ACP may have its client do for it, within the instance's working folder. */
public enum AcpAllowance {
    /** Read and write files: {@code fs/*}. */
    FS,
    /** Run commands: {@code terminal/*}. */
    TERMINAL;

    /** As it stands in JSON and on command lines. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The allowance of that name.
     *
     * @throws FairleadException {@code bad_request}
     */
    @JsonCreator
    public static AcpAllowance of(String wire) {
        return Arrays.stream(values())
                .filter(allowance -> allowance.wire().equals(wire))
                .findFirst()
                .orElseThrow(
                        () -> new FairleadException(ErrorCode.BAD_REQUEST, "Field 'acp_allow' lists fs and terminal"));
    }
}
