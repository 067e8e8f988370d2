package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Constants that stand on the wire under their own name in lower case. */
interface WireEnum {
    /** Given by every enum. */
    String name();

    /** The constant as it stands in JSON: lower case, underscores kept. */
    @JsonValue
    default String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
