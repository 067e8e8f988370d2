package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Arrays;

/** How what an instance writes gets into its log. */
public enum LogMode {
    /** It writes the file itself: a gateway that dies loses no line, and a flood loses its oldest ones. */
    FILE("file"),
    /**
     * The gateway reads a pipe and writes the file: a flood is slowed, a gateway that dies may lose what it has read.
     */
    PIPE("pipe");

    private final String wire;

    LogMode(String wire) {
        this.wire = wire;
    }

    /** As it stands in JSON. */
    @JsonValue
    public String wire() {
        return wire;
    }

    /**
     * The mode of that name.
     *
     * @throws FairleadException {@code bad_request}
     */
    @JsonCreator
    public static LogMode of(String wire) {
        return Arrays.stream(values())
                .filter(mode -> mode.wire.equals(wire))
                .findFirst()
                .orElseThrow(() -> new FairleadException(ErrorCode.BAD_REQUEST, "Field 'log' is file or pipe"));
    }
}
