package dev.fairlead.gateway.settings;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The written form of durations: {@code 500ms}, {@code 30s}, {@code 12m}, {@code 1h}, {@code 7d}, and a bare {@code 0}.
 */
public final class DurationText {

    static final String ACCEPTS = "a duration such as 500ms, 30s, 12m, 1h or 7d";

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
    /** Ten years: past this a setting is a slip of the keyboard, and nanoseconds still fit a long. */
    private static final Duration MOST = Duration.ofDays(3650);

    private DurationText() {}

    /**
     * Reads the written form.
     *
     * @throws IllegalArgumentException for any other form and past ten years
     */
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(ACCEPTS);
        }
        long amount = Long.parseLong(form.group(1));
        Duration duration =
                switch (form.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        if (duration.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("at most 3650d");
        }
        return duration;
    }

    /** The written form in the largest unit that keeps the value whole; finer than a millisecond is cut off. */
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        if (seconds % 60 == 0) {
            return seconds / 60 + "m";
        }
        return seconds + "s";
    }
}
