package dev.fairlead.gateway.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import com.google.re2j.PatternSyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator is to be told of, as it is written: {@code agent_gone=5m}, {@code agent_gone@scout=1m},
 * {@code instance_flapping=3/5m}, {@code log_line@printer=FATAL}.
 *
 * @param id names it in calls: what stands before the {@code =}, for lines of a log with a mark of the expression
 * @param text as it was written
 * @param subject the one instance or agent it is about; all where empty
 * @param time how long it must hold before it is told; of what merely happens, how long after the last time it is over
 * @param number how often within {@code time}, or how full in percent
 * @param pattern what a line has, in RE2's syntax; present for {@link Kind#LOG_LINE} alone
 */
public record AlertRule(
        String id,
        String text,
        Kind kind,
        Optional<String> subject,
        Duration time,
        int number,
        Optional<String> pattern) {

    /** How rules are written. */
    public static final String ACCEPTS = "kind, kind=value or kind@name=value, such as agent_gone=5m,"
            + " instance_flapping=3/5m, disk_full=90% or log_line@printer=FATAL";

    /** The rules where none are set. */
    static final String USUAL = "instance_failed,instance_flapping,agent_gone,dead_letter,order_waiting,"
            + "approval_waiting,token_unusable,disk_full";

    /** Most characters of a rule. */
    public static final int MOST_TEXT = 255;

    /** Most characters of an expression, as of any filter of a log. */
    private static final int MOST_PATTERN = 180;

    /** How long after the last such line it is over. */
    private static final Duration LINE_QUIET = Duration.ofMinutes(10);

    private static final Pattern FORM = Pattern.compile("([a-z_]+)(?:@([a-z0-9][a-z0-9-]{0,62}))?(?:=(.+))?");
    private static final Pattern RATE = Pattern.compile("(\\d{1,4})/(\\w+)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,2})%");

    /** How much it matters. */
    public enum Severity {
        WARNING,
        CRITICAL;

        /** As it stands in JSON. */
        @JsonValue
        public String wire() {
            return SettingType.word(this);
        }
    }

    private enum Form {
        /** How long it must hold. */
        TIME,
        /** How often within which time. */
        RATE,
        PERCENT,
        PATTERN
    }

    /** What can be told. */
    public enum Kind {
        INSTANCE_FAILED(Severity.CRITICAL, Form.TIME, "0", true),
        INSTANCE_FLAPPING(Severity.WARNING, Form.RATE, "3/5m", true),
        AGENT_GONE(Severity.WARNING, Form.TIME, "5m", true),
        DEAD_LETTER(Severity.WARNING, Form.TIME, "1h", true),
        ORDER_WAITING(Severity.WARNING, Form.TIME, "1m", false),
        APPROVAL_WAITING(Severity.WARNING, Form.TIME, "1m", false),
        TOKEN_UNUSABLE(Severity.CRITICAL, Form.TIME, "1m", false),
        DISK_FULL(Severity.CRITICAL, Form.PERCENT, "90%", false),
        LOG_LINE(Severity.WARNING, Form.PATTERN, "", true);

        private final Severity severity;
        private final Form form;
        private final String usual;
        private final boolean named;

        Kind(Severity severity, Form form, String usual, boolean named) {
            this.severity = severity;
            this.form = form;
            this.usual = usual;
            this.named = named;
        }

        public Severity severity() {
            return severity;
        }

        /** As it stands in a rule and in JSON. */
        @JsonValue
        public String wire() {
            return SettingType.word(this);
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException that says what is accepted
     */
    public static AlertRule parse(String text) {
        Matcher form = FORM.matcher(text);
        if (text.length() > MOST_TEXT || !form.matches()) {
            throw new IllegalArgumentException(ACCEPTS);
        }
        Kind kind = Arrays.stream(Kind.values())
                .filter(known -> known.wire().equals(form.group(1)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of the kinds "
                        + String.join(
                                ", ",
                                Arrays.stream(Kind.values()).map(Kind::wire).toList())));
        Optional<String> subject = Optional.ofNullable(form.group(2));
        if (subject.isPresent() && !kind.named) {
            throw new IllegalArgumentException(kind.wire() + " without a name: it is about the gateway as a whole");
        }
        String value = Optional.ofNullable(form.group(3)).orElse(kind.usual);
        String id = kind.wire() + subject.map(name -> "@" + name).orElse("");
        return switch (kind.form) {
            case TIME -> new AlertRule(id, text, kind, subject, DurationText.parse(value), 1, Optional.empty());
            case RATE -> rate(id, text, kind, subject, value);
            case PERCENT -> percent(id, text, kind, subject, value);
            case PATTERN -> pattern(id, text, kind, subject, value);
        };
    }

    private static AlertRule rate(String id, String text, Kind kind, Optional<String> subject, String value) {
        Matcher rate = RATE.matcher(value);
        if (!rate.matches() || Integer.parseInt(rate.group(1)) == 0) {
            throw new IllegalArgumentException(kind.wire() + " as often in a time: " + kind.wire() + "=3/5m");
        }
        Duration time = DurationText.parse(rate.group(2));
        return new AlertRule(id, text, kind, subject, time, Integer.parseInt(rate.group(1)), Optional.empty());
    }

    private static AlertRule percent(String id, String text, Kind kind, Optional<String> subject, String value) {
        Matcher percent = PERCENT.matcher(value);
        if (!percent.matches() || Integer.parseInt(percent.group(1)) == 0) {
            throw new IllegalArgumentException(kind.wire() + " as a share: " + kind.wire() + "=90%");
        }
        return new AlertRule(
                id, text, kind, subject, Duration.ZERO, Integer.parseInt(percent.group(1)), Optional.empty());
    }

    private static AlertRule pattern(String id, String text, Kind kind, Optional<String> subject, String value) {
        if (value.isEmpty() || value.length() > MOST_PATTERN) {
            throw new IllegalArgumentException(kind.wire() + " with a regular expression of at most " + MOST_PATTERN
                    + " characters: " + kind.wire() + "=FATAL");
        }
        try {
            com.google.re2j.Pattern.compile(value);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    kind.wire() + " with a regular expression (RE2 syntax): " + e.getMessage(), e);
        }
        String mark = String.format(Locale.ROOT, "%08x", value.hashCode());
        return new AlertRule(id + "-" + mark, text, kind, subject, LINE_QUIET, 1, Optional.of(value));
    }

    /** Whether it is about that instance, agent or whatever else. */
    public boolean isAbout(String whom) {
        return subject.map(whom::equals).orElse(true);
    }

    /** Whether what it tells of lasts, rather than happens. */
    public boolean lasts() {
        return kind != Kind.INSTANCE_FLAPPING && kind != Kind.DEAD_LETTER && kind != Kind.LOG_LINE;
    }
}
