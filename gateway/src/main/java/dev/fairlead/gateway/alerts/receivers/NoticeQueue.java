package dev.fairlead.gateway.alerts.receivers;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.client.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What one receiver is still to be told. What comes at once goes at once: a fleet that fails together is one mail, not
 * five hundred. One delivery is under way at a time; a failed one is tried again, each time later. Plain state; times
 * are nanoseconds of the monotonic clock.
 */
@StateMachine
final class NoticeQueue {
    /** Most notices that wait; past it the oldest are given up. */
    static final int MOST_WAITING = 1_000;

    /** Most notices of one delivery. */
    static final int MOST_AT_ONCE = 100;

    /** How long the first notice waits for others. */
    static final Duration GATHER = Duration.ofSeconds(1);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    private final Backoff backoff;
    private final Deque<Notice> waiting = new ArrayDeque<>();
    private List<Notice> sending = List.of();
    private long notBefore;
    private int failures;
    private Optional<String> lastError = Optional.empty();
    private Optional<Instant> lastSent = Optional.empty();

    NoticeQueue(RandomGenerator random) {
        this.backoff = Backoff.of(FIRST_RETRY, LONGEST_RETRY, random);
    }

    /**
     * One more; that an alert is over replaces that it fires, where that still waits.
     *
     * @return what is given up for it
     */
    Optional<Notice> add(Notice notice, long now) {
        if (waiting.isEmpty() && sending.isEmpty() && failures == 0) {
            notBefore = now + GATHER.toNanos();
        }
        waiting.removeIf(before -> before.alert().equals(notice.alert()));
        waiting.addLast(notice);
        return waiting.size() > MOST_WAITING ? Optional.of(waiting.removeFirst()) : Optional.empty();
    }

    /** How long until the next delivery begins; empty where nothing waits or one is under way. */
    Optional<Duration> next(long now) {
        return waiting.isEmpty() || !sending.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, notBefore - now)));
    }

    /** A delivery begins: what it tells, oldest first; nothing where it is not time. */
    List<Notice> begin(long now) {
        if (waiting.isEmpty() || !sending.isEmpty() || now < notBefore) {
            return List.of();
        }
        sending = waiting.stream().limit(MOST_AT_ONCE).toList();
        waiting.removeAll(sending);
        return sending;
    }

    /** It was taken. */
    void done(Instant at) {
        sending = List.of();
        failures = 0;
        backoff.reset();
        lastError = Optional.empty();
        lastSent = Optional.of(at);
    }

    /**
     * It was not: it waits again, before what came since, save where that makes it old.
     *
     * @return what is given up
     */
    List<Notice> failed(String why, Optional<Duration> retryAfter, long now) {
        failures++;
        lastError = Optional.of(why);
        Duration wait = backoff.next();
        notBefore = now
                + retryAfter
                        .filter(asked -> asked.compareTo(wait) > 0)
                        .orElse(wait)
                        .toNanos();
        for (int i = sending.size() - 1; i >= 0; i--) {
            Notice notice = sending.get(i);
            if (waiting.stream().noneMatch(later -> later.alert().equals(notice.alert()))) {
                waiting.addFirst(notice);
            }
        }
        sending = List.of();
        List<Notice> given = new ArrayList<>();
        while (waiting.size() > MOST_WAITING) {
            given.add(waiting.removeFirst());
        }
        return given;
    }

    int waiting() {
        return waiting.size() + sending.size();
    }

    /** How often in a row it failed. */
    int failures() {
        return failures;
    }

    Optional<String> lastError() {
        return lastError;
    }

    Optional<Instant> lastSent() {
        return lastSent;
    }
}
