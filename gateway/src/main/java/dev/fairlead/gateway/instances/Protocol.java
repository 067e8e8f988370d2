package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;

/** What the gateway speaks to an instance's program, by way of an adapter that is the process it looks after. */
public enum Protocol {
    /** The Agent Client Protocol, over the program's stdin and stdout. */
    ACP;

    /** As it stands in JSON. */
    @JsonValue
    public String wire() {
        return "acp";
    }

    /**
     * The protocol of that name.
     *
     * @throws FairleadException {@code bad_request}
     */
    @JsonCreator
    public static Protocol of(String wire) {
        if (!wire.equals(ACP.wire())) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Field 'protocol' is acp, or left out for a program of any other kind");
        }
        return ACP;
    }
}
