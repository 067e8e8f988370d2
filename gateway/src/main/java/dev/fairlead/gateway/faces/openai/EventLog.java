package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of one turn as they go over the wire, by rising numbers, for whoever reads them when. Bounded: a turn that
 * says more than that is broken off by who writes. Plain state.
 */
final class EventLog {
    /** Characters of all events of a turn: the longest answer in pieces of a few characters each. */
    static final int MOST = 16 << 20;

    /** Characters that are read at once. */
    static final int MOST_AT_ONCE = 64 << 10;

    private record Entry(long number, String text) {}

    private final List<Entry> entries = new ArrayList<>();
    private long next;
    private long characters;
    private long forgotten;
    private long allowed = Long.MAX_VALUE;

    /**
     * Where a log stands, without its events.
     *
     * @param allowed events from this number on are not shown yet
     */
    record Mark(long next, long characters, long allowed) {}

    Mark mark() {
        return new Mark(next, characters, allowed);
    }

    /** Counts on from where another stands, of whose events it has none. */
    void goOnFrom(Mark mark) {
        entries.clear();
        next = mark.next();
        characters = mark.characters();
        forgotten = mark.characters();
        allowed = mark.allowed();
    }

    /** Adds an event without a name. */
    void add(JsonNode data) {
        add("data: " + FrameCodec.text(data) + "\n\n");
    }

    /** Adds text as it goes over the wire. */
    void add(String event) {
        entries.add(new Entry(next++, event));
        characters += event.length();
    }

    /** The number of the next event. */
    long next() {
        return next;
    }

    /** Counts on from a number, so that none that may have been shown is given to another event. */
    void skipTo(long number) {
        next = Math.max(next, number);
    }

    /** Shows none from a number on: it is not certain yet that a restarted gateway would count on past it. */
    void allow(long numbers) {
        allowed = allowed == Long.MAX_VALUE ? numbers : Math.max(allowed, numbers);
    }

    long characters() {
        return characters;
    }

    /** Characters of the events that are at hand. */
    long held() {
        return characters - forgotten;
    }

    /** Whether a reader of all up to a number has what there is, as far as it is shown. */
    boolean isReadUpTo(long number) {
        int first = firstAfter(number);
        return first == entries.size() || entries.get(first).number() >= allowed;
    }

    /** Whether none comes after a number, shown or not. */
    boolean isAtEnd(long number) {
        return firstAfter(number) == entries.size();
    }

    /** Drops the events up to a number. */
    void forget(long number) {
        List<Entry> old = entries.subList(0, firstAfter(number));
        old.forEach(entry -> forgotten += entry.text().length());
        old.clear();
    }

    boolean isFull() {
        return characters > MOST;
    }

    /** The events after a number, as many as are read at once; empty where there are none yet. */
    Optional<OpenAiCommands.Piece> after(long number, boolean ended) {
        int first = firstAfter(number);
        boolean more = first < entries.size();
        if (more ? entries.get(first).number() >= allowed : !ended) {
            return Optional.empty();
        }
        if (first == entries.size() - 1) { // who reads as it is told has one at a time
            Entry only = entries.get(first);
            return Optional.of(new OpenAiCommands.Piece(only.text(), only.number(), ended, Optional.empty()));
        }
        StringBuilder text = new StringBuilder();
        long last = number;
        int at = first;
        while (at < entries.size() && entries.get(at).number() < allowed && text.length() < MOST_AT_ONCE) {
            Entry entry = entries.get(at++);
            text.append(entry.text());
            last = entry.number();
        }
        return Optional.of(
                new OpenAiCommands.Piece(text.toString(), last, ended && at == entries.size(), Optional.empty()));
    }

    private int firstAfter(long number) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).number() <= number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
