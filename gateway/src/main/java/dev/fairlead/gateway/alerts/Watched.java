package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.settings.AlertRule;
import java.util.ArrayDeque;
import java.util.Optional;

/** What a rule watches about one subject: since when it holds, or when it happened, and the alert it led to. */
final class Watched {
    final AlertRule rule;
    final String subject;

    /** When what is counted happened, of those within the rule's time; no more than the rule's number. */
    final ArrayDeque<Long> times = new ArrayDeque<>();

    String summary;
    long since;
    long count;

    /** Whether it was seen since the start: what was not when all is known is over. */
    boolean seen;

    Optional<Alert> alert = Optional.empty();

    Watched(AlertRule rule, String subject, String summary, long since) {
        this.rule = rule;
        this.subject = subject;
        this.summary = summary;
        this.since = since;
    }

    /** It happened once more. */
    void happened(String latest, long now) {
        summary = latest;
        seen = true;
        count++;
        times.addLast(now);
        while (times.size() > rule.number()
                || now - times.getFirst() > rule.time().toNanos()) {
            times.removeFirst();
        }
    }

    /** When the next thing becomes of it by itself; empty where nothing does. */
    Optional<Long> due() {
        long end = rule.time().toNanos();
        if (rule.lasts()) {
            return alert.isPresent() ? Optional.empty() : Optional.of(since + end);
        }
        return Optional.of(times.isEmpty() ? since + end : times.getLast() + end);
    }

    /** Whether there is what the rule wants to be told. */
    boolean fires(long now) {
        return rule.lasts() ? now - since >= rule.time().toNanos() : times.size() >= rule.number();
    }
}
