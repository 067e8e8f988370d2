package dev.fairlead.gateway.logs;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which lines somebody wants to see: those in which a text, or what a regular expression describes, stands as it is
 * <em>seen</em>. Upper and lower case are the same unless asked. Expressions are RE2's: linear in time whatever they
 * are.
 */
final class LogFilter implements Predicate<String> {
    /** Longest text to filter by, in characters. */
    static final int MAX_TEXT = 200;

    /** Colours, movements and titles for a terminal. */
    private static final Pattern ESCAPES = Pattern.compile(
            "\\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\x07\\x1b]*(?:\\x07|\\x1b\\\\|$)|[PX^_][^\\x1b]*(?:\\x1b\\\\|$)|[ -/]*[0-~]?)");

    private final Predicate<String> seen;

    private LogFilter(Predicate<String> seen) {
        this.seen = seen;
    }

    /**
     * Reads what a client asks for.
     *
     * @throws FairleadException {@code bad_request} where the text is too long or no expression
     */
    static LogFilter of(LogCommands.Filter wanted) {
        return of(wanted, "grep");
    }

    /**
     * As {@link #of(LogCommands.Filter)}.
     *
     * @param parameter that its text came in, for the refusal
     */
    static LogFilter of(LogCommands.Filter wanted, String parameter) {
        String text = wanted.text();
        if (text.length() > MAX_TEXT) {
            throw refused("Parameter '" + parameter + "' has " + MAX_TEXT + " characters at most");
        }
        if (text.isEmpty()) {
            return new LogFilter(line -> true);
        }
        if (wanted.regex()) {
            Pattern pattern = expression(text, wanted.caseSensitive(), parameter);
            return new LogFilter(line -> pattern.matcher(asSeen(line)).find());
        }
        if (wanted.caseSensitive()) {
            return new LogFilter(line -> asSeen(line).contains(text));
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return new LogFilter(line -> asSeen(line).toLowerCase(Locale.ROOT).contains(lower));
    }

    @Override
    public boolean test(String line) {
        return seen.test(line);
    }

    /** A line as a terminal shows it in the end: without colours, and of what was overwritten the last state. */
    static String asSeen(String line) {
        String last = line;
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        int overwritten = line.lastIndexOf('\r', end - 1);
        if (overwritten >= 0) {
            last = line.substring(overwritten + 1);
        }
        return last.indexOf('\u001b') < 0 ? last : ESCAPES.matcher(last).replaceAll("");
    }

    private static Pattern expression(String text, boolean caseSensitive, String parameter) {
        try {
            return Pattern.compile(text, caseSensitive ? 0 : Pattern.CASE_INSENSITIVE);
        } catch (PatternSyntaxException e) {
            throw refused("Parameter '" + parameter + "' is no regular expression (RE2 syntax): " + e.getMessage());
        }
    }

    private static FairleadException refused(String why) {
        return new FairleadException(ErrorCode.BAD_REQUEST, why);
    }
}
