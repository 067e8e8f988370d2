package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a session is doing. */
public enum ChatState {
    IDLE,
    RUNNING,
    /** Its last turn failed; the next message is taken all the same. */
    ERROR;

    /** As it stands in JSON and in the store. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static ChatState of(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
