package dev.fairlead.gateway.cli.doctor;

import java.util.Optional;

/**
 * What one check found.
 *
 * @param subject what was looked at, in one word or two
 * @param detail what was seen
 * @param remedy what to do about it; empty where all is well
 */
public record Finding(String subject, Verdict verdict, String detail, Optional<String> remedy) {

    /** How bad it is. */
    public enum Verdict {
        GOOD,
        /** The gateway starts, but somebody should know. */
        WARNING,
        /** The gateway does not start, or not as asked. */
        FAULT
    }

    public static Finding good(String subject, String detail) {
        return new Finding(subject, Verdict.GOOD, detail, Optional.empty());
    }

    public static Finding warning(String subject, String detail, String remedy) {
        return new Finding(subject, Verdict.WARNING, detail, Optional.of(remedy));
    }

    public static Finding fault(String subject, String detail, String remedy) {
        return new Finding(subject, Verdict.FAULT, detail, Optional.of(remedy));
    }
}
