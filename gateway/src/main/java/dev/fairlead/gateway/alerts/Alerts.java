package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.alerts.receivers.Notice;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The rules and what they found: each occurrence fires once, whatever tells of it again, and is resolved when it is
 * over. Plain state on one event loop. Everything that may change an alert answers what to keep, show and tell.
 */
@StateMachine
final class Alerts {
    /** Most alerts that fire at a time; what comes beyond them fires when there is room. */
    static final int MOST_FIRING = 1_000;

    /** Most subjects that are watched at a time; more are no fleet's but a loop's. */
    static final int MOST_WATCHED = 20_000;

    /** Most alerts that are over and still shown. */
    static final int MOST_RESOLVED = 200;

    /** A disk that is full is so until it is emptier than that by this many percent: else it would come and go. */
    private static final int HYSTERESIS = 2;

    private record Key(String rule, String subject) {}

    private final TimeSource time;
    private final Supplier<String> ids;
    private final Silences silences;
    private final Map<String, AlertRule> rules = new LinkedHashMap<>();
    private final Map<Key, Watched> watched = new LinkedHashMap<>();
    private final Deque<Alert> resolved = new ArrayDeque<>();
    private int firing;
    private long revision;

    Alerts(TimeSource time, Supplier<String> ids, Silences silences) {
        this.time = time;
        this.ids = ids;
        this.silences = silences;
    }

    /** Rises with whatever may change what {@link #next} answers. */
    long revision() {
        return revision;
    }

    Collection<AlertRule> rules() {
        return List.copyOf(rules.values());
    }

    Optional<AlertRule> rule(String id) {
        return Optional.ofNullable(rules.get(id));
    }

    void add(AlertRule rule) {
        rules.put(rule.id(), rule);
    }

    /** Ends a rule and what it found. */
    List<Change> remove(String id) {
        rules.remove(id);
        List<Change> changes = new ArrayList<>();
        List.copyOf(watched.values()).stream()
                .filter(one -> one.rule.id().equals(id))
                .forEach(one -> end(one).ifPresent(changes::add));
        return changes;
    }

    /** Takes up what was kept when the gateway last stopped; before anything is told of. */
    List<Change> restore(List<Alert> kept) {
        List<Change> changes = new ArrayList<>();
        for (Alert alert : kept) {
            AlertRule rule = rules.get(alert.rule());
            if (!alert.isFiring()) {
                show(alert);
            } else if (rule == null) {
                changes.add(over(alert));
            } else {
                Watched one = new Watched(rule, alert.subject(), alert.summary(), time.nanos());
                one.alert = Optional.of(alert);
                one.count = alert.count();
                one.seen = !rule.lasts();
                watched.put(new Key(rule.id(), alert.subject()), one);
                firing++;
            }
        }
        return changes;
    }

    /**
     * All that lasts has been told of: what was kept and is not among it is over.
     *
     * @param partly of these not all was told
     */
    List<Change> settled(Set<AlertRule.Kind> partly) {
        List<Change> changes = new ArrayList<>();
        List.copyOf(watched.values()).stream()
                .filter(one -> !one.seen && !partly.contains(one.rule.kind()))
                .forEach(one -> end(one).ifPresent(changes::add));
        return changes;
    }

    /** Something is so, and stays so until it {@link #ends}. */
    List<Change> holds(AlertRule.Kind kind, String subject, String summary) {
        List<Change> changes = new ArrayList<>();
        about(kind, subject).forEach(rule -> hold(rule, subject, summary, changes));
        return changes;
    }

    /** Something is not so any more, or never was. */
    List<Change> ends(AlertRule.Kind kind, String subject) {
        List<Change> changes = new ArrayList<>();
        about(kind, subject).forEach(rule -> Optional.ofNullable(watched.get(new Key(rule.id(), subject)))
                .flatMap(this::end)
                .ifPresent(changes::add));
        return changes;
    }

    /** How full it is, in percent. */
    List<Change> fills(AlertRule.Kind kind, String subject, int percent, String summary) {
        List<Change> changes = new ArrayList<>();
        about(kind, subject).forEach(rule -> {
            Optional<Watched> before = Optional.ofNullable(watched.get(new Key(rule.id(), subject)));
            if (percent >= rule.number()) {
                hold(rule, subject, summary, changes);
            } else if (percent <= rule.number() - HYSTERESIS) {
                before.flatMap(this::end).ifPresent(changes::add);
            } else {
                before.ifPresent(one -> one.seen = true);
            }
        });
        return changes;
    }

    /** Something happened once. */
    List<Change> happened(AlertRule.Kind kind, String subject, String summary) {
        List<Change> changes = new ArrayList<>();
        about(kind, subject).forEach(rule -> changes.addAll(happened(rule, subject, summary)));
        return changes;
    }

    /** As {@link #happened(AlertRule.Kind, String, String)}, to one rule alone. */
    List<Change> happened(AlertRule rule, String subject, String summary) {
        if (!rule.equals(rules.get(rule.id()))) {
            return List.of(); // removed while it was looked for
        }
        List<Change> changes = new ArrayList<>();
        watch(rule, subject, summary).ifPresent(one -> {
            revision++;
            one.happened(summary, time.nanos());
            if (one.alert.isPresent()) {
                Alert again = one.alert.get().again(summary, one.count);
                one.alert = Optional.of(again);
                changes.add(new Change(again, false, Optional.empty()));
            } else {
                fire(one).ifPresent(changes::add);
            }
        });
        return changes;
    }

    /** What time alone has done: fires what has held long enough, ends what has been quiet, unsilences. */
    List<Change> tick() {
        long now = time.nanos();
        List<Change> changes = new ArrayList<>();
        revision++;
        silences.forget(time.instant());
        for (Watched one : List.copyOf(watched.values())) {
            boolean due = one.due().filter(at -> at <= now).isPresent();
            if (due && !one.rule.lasts()) {
                end(one).ifPresent(changes::add);
            } else if (due) {
                fire(one).ifPresent(changes::add);
            } else {
                unsilenced(one).ifPresent(changes::add);
            }
        }
        return changes;
    }

    /** How long until {@link #tick} has something to do; empty where nothing is under way. */
    Optional<Duration> next() {
        long now = time.nanos();
        Optional<Duration> due = watched.values().stream()
                .flatMap(one -> one.due().stream())
                .map(at -> Duration.ofNanos(Math.max(0, at - now)))
                .min(Duration::compareTo);
        Optional<Duration> unsilenced = silences.next()
                .map(end -> Duration.between(time.instant(), end))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
        return Stream.of(due, unsilenced).flatMap(Optional::stream).min(Duration::compareTo);
    }

    /** What fires, and then the latest that are over, newest first. */
    List<Alert> shown() {
        List<Alert> all = new ArrayList<>();
        watched.values().forEach(one -> one.alert.ifPresent(all::add));
        all.sort((a, b) -> b.startedAt().compareTo(a.startedAt()));
        all.addAll(resolved);
        return all;
    }

    Optional<Alert> find(String id) {
        return shown().stream().filter(alert -> alert.id().equals(id)).findFirst();
    }

    private Stream<AlertRule> about(AlertRule.Kind kind, String subject) {
        return List.copyOf(rules.values()).stream().filter(rule -> rule.kind() == kind && rule.isAbout(subject));
    }

    private void hold(AlertRule rule, String subject, String summary, List<Change> changes) {
        watch(rule, subject, summary).ifPresent(one -> {
            one.seen = true;
            one.summary = summary;
            if (one.alert.isEmpty()) {
                fire(one).ifPresent(changes::add);
            }
        });
    }

    private Optional<Watched> watch(AlertRule rule, String subject, String summary) {
        Key key = new Key(rule.id(), subject);
        if (!watched.containsKey(key) && watched.size() >= MOST_WATCHED) {
            return Optional.empty();
        }
        return Optional.of(watched.computeIfAbsent(key, ignored -> {
            revision++;
            return new Watched(rule, subject, summary, time.nanos());
        }));
    }

    private Optional<Change> fire(Watched one) {
        if (firing >= MOST_FIRING || !one.fires(time.nanos())) {
            return Optional.empty();
        }
        firing++;
        revision++;
        Instant now = now();
        boolean told = silences.of(one.rule.id(), one.subject, now).isEmpty();
        Alert alert = new Alert(
                ids.get(),
                one.rule.id(),
                one.rule.kind(),
                one.subject,
                one.summary,
                now,
                Optional.empty(),
                Math.max(1, one.count),
                told);
        one.alert = Optional.of(alert);
        return Optional.of(new Change(alert, true, told ? Optional.of(Notice.Status.FIRING) : Optional.empty()));
    }

    /** What fired in a silence and still does when that is over is told then. */
    private Optional<Change> unsilenced(Watched one) {
        return one.alert
                .filter(alert -> !alert.told()
                        && silences.of(alert.rule(), alert.subject(), time.instant())
                                .isEmpty())
                .map(alert -> {
                    one.alert = Optional.of(alert.asTold());
                    return new Change(alert.asTold(), true, Optional.of(Notice.Status.FIRING));
                });
    }

    private Optional<Change> end(Watched one) {
        revision++;
        watched.remove(new Key(one.rule.id(), one.subject));
        return one.alert.map(alert -> {
            firing--;
            return over(alert);
        });
    }

    /** Only who was told that it fires is told that it is over. */
    private Change over(Alert alert) {
        Alert ended = alert.resolved(now());
        show(ended);
        return new Change(ended, true, ended.told() ? Optional.of(Notice.Status.RESOLVED) : Optional.empty());
    }

    /** As it is kept and told. */
    private Instant now() {
        return time.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void show(Alert ended) {
        resolved.addFirst(ended);
        if (resolved.size() > MOST_RESOLVED) {
            resolved.removeLast();
        }
    }
}
