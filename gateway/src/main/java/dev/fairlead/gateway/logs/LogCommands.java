package dev.fairlead.gateway.logs;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.streams.StreamCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What can be asked of all logs at the {@link #place} of any node, which asks the one that has the log; refused with
 * {@code shutting_down} while that is away. Each is refused with {@code instance_not_found} where there is neither an
 * instance nor an agent of that name.
 */
public final class LogCommands {
    private LogCommands() {}

    /** The bus place of a node's logs. */
    public static String place(String node) {
        return node + "/logs";
    }

    /**
     * Asks for the lines before a cursor.
     *
     * @param lines most lines wanted, 0 to 1000
     * @param before where an earlier page began; empty for the latest lines
     * @param filter which lines
     */
    public record ReadPage(String name, int lines, Optional<String> before, Filter filter) implements Request<Page> {}

    /**
     * Asks for the lines from a place on.
     *
     * @param lines most lines wanted, 0 to 1000
     * @param filter which lines
     */
    public record ReadOn(String name, int lines, Place from, Filter filter) implements Request<Page> {}

    /** A place in a log. */
    public sealed interface Place {
        /** Where a line or a page begins or ends, as it was told; the oldest line kept where that is gone. */
        record Cursor(String text) implements Place {}

        /** The first line written at that time or later, so far as that is known; the end where there is none. */
        record Moment(Instant at) implements Place {}
    }

    /**
     * Which lines are wanted: those in which it stands as they are seen, without colours. Refused with
     * {@code bad_request} where it is longer than 200 characters or no expression.
     *
     * @param text empty for all lines
     * @param regex whether it is a regular expression, in RE2's syntax
     * @param caseSensitive whether upper and lower case differ
     */
    public record Filter(String text, boolean regex, boolean caseSensitive) {
        public static final Filter NONE = new Filter("", false, false);

        /**
         * Reads the parameters {@code grep}, {@code grep_mode} and {@code case}.
         *
         * @throws FairleadException {@code bad_request} where one has no such value
         */
        public static Filter of(Optional<String> grep, Optional<String> mode, Optional<String> letters) {
            return new Filter(
                    grep.orElse(""),
                    oneOf("grep_mode", mode.orElse("text"), "text", "regex"),
                    oneOf("case", letters.orElse("insensitive"), "insensitive", "sensitive"));
        }

        /**
         * This one, where a log can be searched by it.
         *
         * @param parameter that its text came in, for the refusal
         * @throws FairleadException {@code bad_request} where the text is too long or no expression
         */
        public Filter checked(String parameter) {
            LogFilter.of(this, parameter);
            return this;
        }

        private static boolean oneOf(String parameter, String value, String usual, String other) {
            if (!value.equals(usual) && !value.equals(other)) {
                throw new FairleadException(
                        ErrorCode.BAD_REQUEST, "Parameter '" + parameter + "' is " + usual + " or " + other);
            }
            return value.equals(other);
        }
    }

    /**
     * A page.
     *
     * @param lines oldest first
     * @param times when each line was written; empty where nobody was there to see
     * @param cursor where it begins: what to ask for next
     * @param end where it ends: what came later is not in it
     * @param begins what begins with its first line; empty where older lines are kept
     * @param more whether lines follow after it; empty where it was not read onwards
     */
    public record Page(
            List<String> lines,
            List<Optional<Instant>> times,
            int count,
            String cursor,
            String end,
            Optional<Beginning> begins,
            Optional<Boolean> more) {
        public Page {
            lines = List.copyOf(lines);
            times = List.copyOf(times);
        }
    }

    /**
     * Looks through a part of a log for lines; asked again with {@link Found#next} for the rest.
     *
     * @param from where to go on; empty to begin
     * @param filter which lines, by what is seen in them
     * @param since not written before
     * @param until written before; of a line that has no time nobody knows, and it is told
     * @param level as severe as that or more; lines that say no level are then left out
     * @param to the position of an {@link Extent} where it ends; empty for the end as it is when that is reached
     */
    public record SearchOn(
            String name,
            Optional<String> from,
            Filter filter,
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<LogLevel> level,
            Optional<Long> to)
            implements Request<Found> {
        /** The same on a log, from where an earlier part ended. */
        public SearchOn on(String log, Optional<String> next, Optional<Long> end) {
            return new SearchOn(log, next, filter, since, until, level, end);
        }

        /** Whether every line is wanted. */
        public boolean isOfAll() {
            return filter.text().isEmpty() && since.isEmpty() && until.isEmpty() && level.isEmpty();
        }
    }

    /**
     * What a part of a log has.
     *
     * @param next where to go on; empty where the log ends, or all that follows is too late
     * @param scanned bytes that were looked at
     */
    public record Found(List<Match> lines, Optional<String> next, long scanned) {
        public Found {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A line that was searched.
     *
     * @param cursor where it begins
     * @param level as it says itself
     */
    public record Match(
            String instance,
            String cursor,
            @JsonInclude(JsonInclude.Include.ALWAYS) Optional<Instant> time,
            @JsonInclude(JsonInclude.Include.ALWAYS) Optional<LogLevel> level,
            String line) {}

    /** What begins with a line: the log itself, or what is kept of one whose older lines were let go. */
    public enum Beginning {
        LOG,
        KEPT;

        /** As it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Asks where a log begins and ends, to read it with {@link ReadBytes}. */
    public record GetExtent(String name) implements Request<Extent> {}

    /** From the oldest byte there is to the end as it is now, in positions. */
    public record Extent(long from, long to) {}

    /** Asks for bytes as they lie in the files; 128 KiB at most come. */
    public record ReadBytes(String name, long from, long to) implements Request<Bytes> {}

    /**
     * A piece of a log. The array is not changed any more.
     *
     * @param bytes none where the end is reached
     * @param next where to go on
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    public record Bytes(byte[] bytes, long next) {}

    /** Takes a socket of another node into the stream of a log: what follows is told that node by {@link LogNews}. */
    public record SubscribeFrom(String node, StreamCommands.Subscribe request)
            implements Request<StreamCommands.Subscribed> {}

    /** Another node still follows these views; what it says no more for a minute ends. */
    public record KeepFollowing(String node, Set<String> views) implements Request<Kept> {
        public KeepFollowing {
            views = Set.copyOf(views);
        }
    }

    public record Kept() {}

    /**
     * Appends a remote agent's own lines, a line feed within one ends it. Refused with {@code busy} while too much
     * waits to be written, with {@code storage_unavailable} where it cannot be.
     */
    public record Append(String name, List<String> lines) implements Request<Appended> {
        public Append {
            lines = List.copyOf(lines);
        }
    }

    /** They are written. */
    public record Appended(int count) {}
}
