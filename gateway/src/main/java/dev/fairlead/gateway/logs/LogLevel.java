package dev.fairlead.gateway.logs;

import com.fasterxml.jackson.annotation.JsonValue;
import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

    private static final Set<String> KNOWN = Set.of(WORDS.split("\\|", -1));
    private static final int SHORTEST = 3;
    private static final int LONGEST = 13;

    /** {@code "level":"warn"} or bunyan's and pino's number; {@code lvl=warn}. */
    private static final Pattern FIELD = Pattern.compile(
            "(?:\"(?:level|severity|lvl|log\\.level|levelname)\"\\s*:\\s*|(?:^|\\s)(?:level|lvl|severity)=)\"?(" + WORDS
                    + "|[1-6]0)\\b",
            Pattern.CASE_INSENSITIVE);

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
        String fields = seen.length() > FIELD_HEAD ? seen.substring(0, FIELD_HEAD) : seen;
        if (mayHaveField(fields)) {
            Matcher field = FIELD.matcher(fields);
            if (field.find()) {
                return Optional.of(word(field.group(1)));
            }
        }
        String head = seen.length() > HEAD ? seen.substring(0, HEAD) : seen;
        Matcher letter = LETTER.matcher(head);
        return letter.find() ? Optional.of(word(letter.group(1))) : ofWords(head);
    }

    /** An expression takes its time for every line: most of them need none. */
    private static boolean mayHaveField(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.contains("level") || lower.contains("lvl") || lower.contains("severity");
    }

    /** The first word that says it: in capitals anywhere, in small letters only within brackets or before a colon. */
    private static Optional<LogLevel> ofWords(String head) {
        int from = 0;
        while (from < head.length()) {
            int to = from;
            while (to < head.length() && isOfWord(head.charAt(to))) {
                to++;
            }
            if (to - from >= SHORTEST && to - from <= LONGEST && says(head, from, to)) {
                return Optional.of(word(head.substring(from, to)));
            }
            from = to + 1;
        }
        return Optional.empty();
    }

    private static boolean says(String head, int from, int to) {
        String word = head.substring(from, to);
        String small = word.toLowerCase(Locale.ROOT);
        if (!KNOWN.contains(small)) {
            return false;
        }
        char before = from == 0 ? ' ' : head.charAt(from - 1);
        char behind = to == head.length() ? ' ' : head.charAt(to);
        boolean capitals = word.equals(small.toUpperCase(Locale.ROOT));
        return capitals || behind == ':' || ((before == '[' || before == '<') && (behind == ']' || behind == '>'));
    }

    private static boolean isOfWord(char one) {
        return (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9') || one == '_';
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
