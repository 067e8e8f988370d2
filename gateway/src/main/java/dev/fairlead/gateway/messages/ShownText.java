package dev.fairlead.gateway.messages;

import java.util.Optional;
import java.util.UUID;

/** Texts of strangers, made fit to be shown or looked up. */
final class ShownText {
    /** Characters of a reason that are kept. */
    static final int MAX_REASON = 200;

    private static final int UUID_LENGTH = 36;

    private ShownText() {}

    /** One line of a bounded length. */
    static String of(String reason) {
        StringBuilder shown = new StringBuilder();
        reason.codePoints()
                .limit(MAX_REASON)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString().strip();
    }

    /** The id a text stands for; empty where it can be none. */
    static Optional<UUID> uuid(String text) {
        if (text.length() != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
