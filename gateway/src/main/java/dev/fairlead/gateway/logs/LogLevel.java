package dev.fairlead.gateway.logs;

import com.fasterxml.jackson.annotation.JsonValue;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Locale;
import java.util.Optional;

/** How severe a line is, as it says itself in one of the usual forms: JSON, logfmt, or a word near its beginning. */
public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    FATAL;

    private static final String WORDS =
            "trace|trce|trc|verbose|finest|debug|dbug|dbg|fine|info|inf|information|informational|notice|warn|warning|"
                    + "wrn|err|error|severe|fail|fatal|ftl|critical|crit|panic|emerg|emergency|alert";

    /** {@code "level":"warn"} or bunyan's and pino's number; {@code lvl=warn}. */
    private static final Pattern FIELD = Pattern.compile(
            "(?:\"(?:level|severity|lvl|log\\.level|levelname)\"\\s*:\\s*|(?:^|\\s)(?:level|lvl|severity)=)\"?(" + WORDS
                    + "|[1-6]0)\\b",
            Pattern.CASE_INSENSITIVE);

    /**
     * A word of text: in capitals anywhere near the beginning, in small letters only within brackets or before a colon.
     */
    private static final Pattern WORD = Pattern.compile("(?:^|[^A-Za-z0-9_])(?:(" + WORDS.toUpperCase(Locale.ROOT)
            + ")(?:[^A-Za-z0-9_]|$)|(?i:[\\[<](" + WORDS + ")[\\]>]|(" + WORDS + "):))");

    /** Kubernetes' and glog's: {@code W1231 12:00:00.000000}. */
    private static final Pattern LETTER = Pattern.compile("^([IWEF])\\d{4} \\d\\d:\\d\\d:\\d\\d");

    /** Beyond this a word is part of what is said. */
    private static final int HEAD = 120;

    private static final int FIELD_HEAD = 4_096;

    /** As it stands in JSON and in a query. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #wire}, in any case; empty where it is none of them. */
    public static Optional<LogLevel> named(String text) {
        for (LogLevel level : values()) {
            if (level.name().equalsIgnoreCase(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }

    /** The level of a line as it is seen; empty where it says none. */
    public static Optional<LogLevel> of(String seen) {
        Matcher field = FIELD.matcher(seen.length() > FIELD_HEAD ? seen.substring(0, FIELD_HEAD) : seen);
        if (field.find()) {
            return Optional.of(word(field.group(1)));
        }
        String head = seen.length() > HEAD ? seen.substring(0, HEAD) : seen;
        Matcher letter = LETTER.matcher(head);
        if (letter.find()) {
            return Optional.of(word(letter.group(1)));
        }
        Matcher word = WORD.matcher(head);
        if (!word.find()) {
            return Optional.empty();
        }
        for (int group = 1; group <= 3; group++) {
            if (word.group(group) != null) {
                return Optional.of(word(word.group(group)));
            }
        }
        return Optional.empty();
    }

    private static LogLevel word(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "trace", "trce", "trc", "verbose", "finest", "10" -> TRACE;
            case "debug", "dbug", "dbg", "fine", "20" -> DEBUG;
            case "warn", "warning", "wrn", "40", "w" -> WARN;
            case "err", "error", "severe", "fail", "50", "e" -> ERROR;
            case "fatal", "ftl", "critical", "crit", "panic", "emerg", "emergency", "alert", "60", "f" -> FATAL;
            default -> INFO;
        };
    }
}
