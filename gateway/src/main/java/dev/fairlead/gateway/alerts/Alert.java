package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.settings.AlertRule;
import java.time.Instant;
import java.util.Optional;

/**
 * One occurrence of what a rule is about, from its beginning to its end.
 *
 * @param id of this occurrence alone
 * @param rule the rule's id
 * @param subject the instance, agent, approval or what else it is about
 * @param summary for people, one line
 * @param resolvedAt when it was over; empty while it fires
 * @param count how often it happened so far; 1 for what lasts
 * @param told whether the receivers were to be told that it fires
 */
record Alert(
        String id,
        String rule,
        AlertRule.Kind kind,
        String subject,
        String summary,
        Instant startedAt,
        Optional<Instant> resolvedAt,
        long count,
        boolean told) {
    /** Most characters of a summary. */
    static final int MOST_SUMMARY = 500;

    /** Without its summary, which may hold a line of an instance's log. */
    @Override
    public String toString() {
        return "Alert[" + id + ", " + rule + "]";
    }

    boolean isFiring() {
        return resolvedAt.isEmpty();
    }

    Alert resolved(Instant at) {
        return new Alert(id, rule, kind, subject, summary, startedAt, Optional.of(at), count, told);
    }

    Alert asTold() {
        return new Alert(id, rule, kind, subject, summary, startedAt, resolvedAt, count, true);
    }

    Alert again(String latest, long times) {
        return new Alert(id, rule, kind, subject, latest, startedAt, resolvedAt, times, told);
    }
}
