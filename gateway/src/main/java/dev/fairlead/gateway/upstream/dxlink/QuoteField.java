package dev.fairlead.gateway.upstream.dxlink;

import java.util.List;

/** The fields of a {@code Quote} event that are read. */
enum QuoteField {
    TYPE("eventType"),
    SYMBOL("eventSymbol"),
    BID("bidPrice"),
    ASK("askPrice"),
    BID_SIZE("bidSize"),
    ASK_SIZE("askSize"),
    /** One that was not asked for, and is passed over. */
    OTHER("");

    /** What is asked for, and taken for granted until the server announces something else. */
    static final List<QuoteField> ASKED = List.of(TYPE, SYMBOL, BID, ASK, BID_SIZE, ASK_SIZE);

    private final String wire;

    QuoteField(String wire) {
        this.wire = wire;
    }

    String wire() {
        return wire;
    }

    static QuoteField of(String wire) {
        for (QuoteField field : ASKED) {
            if (field.wire.equals(wire)) {
                return field;
            }
        }
        return OTHER;
    }
}
