package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The lines of a log from a moment on, read page by page as they are asked for. */
final class LogRange implements Iterator<LogRange.Line> {
    /** Most lines of a page. */
    static final int PAGE = 1000;

    /**
     * A line.
     *
     * @param time when it was written; a JSON null where nobody knows
     */
    record Line(String text, JsonNode time) {
        /** When it was written, where that is known. */
        Optional<Instant> at() {
            return time.isTextual() ? Optional.of(Instant.parse(time.asText())) : Optional.empty();
        }
    }

    private final GatewayCalls calls;
    private final String log;
    private final Optional<Instant> until;
    private final int page;
    private final Deque<Line> read = new ArrayDeque<>();
    private String place;
    private String end = "";
    private boolean over;

    /**
     * On one log.
     *
     * @param log its path with the parameters of a filter
     * @param until lines of that time or later end it
     * @param page lines to ask for at once, at most {@link #PAGE}
     */
    LogRange(GatewayCalls calls, String log, Instant since, Optional<Instant> until, int page) {
        this.calls = calls;
        this.log = log;
        this.until = until;
        this.page = page;
        this.place = "&at=" + GatewayCommand.encoded(since.toString());
    }

    @Override
    public boolean hasNext() {
        while (read.isEmpty() && !over) {
            JsonNode answer = calls.get(log + "&lines=" + page + place);
            lines(answer).forEachRemaining(this::take);
            end = answer.path("end").asText();
            over = over || !answer.path("more").asBoolean();
            place = "&after=" + end;
        }
        return !read.isEmpty();
    }

    @Override
    public Line next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return read.removeFirst();
    }

    private void take(Line line) {
        over = over
                || line.at()
                        .filter(at -> until.isPresent() && !at.isBefore(until.get()))
                        .isPresent();
        if (!over) {
            read.addLast(line);
        }
    }

    /** The cursor behind the last page that was read. */
    String end() {
        return end;
    }

    /** The lines of a page. */
    static Iterator<Line> lines(JsonNode page) {
        Deque<Line> lines = new ArrayDeque<>();
        for (int i = 0; i < page.path("lines").size(); i++) {
            lines.addLast(new Line(
                    page.path("lines").path(i).asText(), page.path("times").path(i)));
        }
        return lines.iterator();
    }

    /** The last of them; what precedes is read and let go. */
    static Iterator<Line> last(int count, Iterator<Line> lines) {
        Deque<Line> held = new ArrayDeque<>();
        lines.forEachRemaining(line -> {
            held.addLast(line);
            if (held.size() > count) {
                held.removeFirst();
            }
        });
        return held.iterator();
    }

    /** The first of them; what follows is not read. */
    static Iterator<Line> first(int count, Iterator<Line> lines) {
        return new Iterator<>() {
            private int left = count;

            @Override
            public boolean hasNext() {
                return left > 0 && lines.hasNext();
            }

            @Override
            public Line next() {
                Line line = lines.next();
                left--;
                return line;
            }
        };
    }
}
