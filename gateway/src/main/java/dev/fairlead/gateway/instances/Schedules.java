package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Starts instances when their time has come. Up to when that was done is stored with the start it led to, so that no
 * time is served twice whoever dies in between. It goes by the wall clock, as crontab does. As
 * {@link InstanceSupervisor}.
 */
@StateMachine
final class Schedules {
    /** A time of a cron that is longer ago is missed: the gateway was away, or the clock leapt over it. */
    static final Duration LATE = Duration.ofMinutes(5);

    /** A clock that goes back further than this was wrong before. */
    static final Duration CLOCK_WAS_AHEAD = Duration.ofHours(1);

    private static final String ACTOR = "schedule";

    private record Planned(Schedule schedule, Instant servedTo, ScheduledTimes times, Optional<Instant> next) {}

    private final Instances instances;
    private final Starts starts;
    private final TimeSource time;
    private final Map<String, Planned> planned = new HashMap<>();

    Schedules(Instances instances, Starts starts, TimeSource time) {
        this.instances = instances;
        this.starts = starts;
        this.time = time;
    }

    /** When it is started by itself next; empty where it is not. */
    Optional<Instant> next(Instance instance) {
        return instance.isArchived() ? Optional.empty() : plan(instance).flatMap(Planned::next);
    }

    /** Those whose time has come. */
    List<String> due() {
        Instant now = time.instant();
        planned.keySet().removeIf(name -> instances.find(name).isEmpty());
        return instances.all().stream()
                .filter(one -> isAhead(one, now)
                        || next(one).filter(at -> !at.isAfter(now)).isPresent())
                .map(Instance::name)
                .toList();
    }

    /** Whether there are any schedules. */
    boolean any() {
        return instances.all().stream()
                .anyMatch(one -> one.settings().schedule().isPresent());
    }

    /** What is to be done where its time has come. */
    Optional<Decision> serve(String name) {
        Instant now = time.instant();
        Optional<Instance> instance = instances.find(name).filter(one -> !one.isArchived() && !starts.areOver());
        if (instance.isEmpty()) {
            return Optional.empty();
        }
        Instance served = instance.get().servedTo(now);
        if (isAhead(instance.get(), now)) {
            return Optional.of(Decision.of(served));
        }
        return plan(instance.get())
                .filter(plan -> plan.next().filter(at -> !at.isAfter(now)).isPresent())
                .map(plan -> decide(served, plan, now));
    }

    private Decision decide(Instance served, Planned plan, Instant now) {
        if (plan.schedule().cron().isPresent() && missed(plan, now)) {
            return Decision.of(served)
                    .noting(note(
                            served,
                            "missed",
                            "Nobody started it at " + plan.next().orElseThrow()));
        }
        if (!served.isDown()) {
            return Decision.of(served)
                    .noting(note(served, "skipped", "It was " + served.status().wire() + " when its time had come"));
        }
        return starts.anew(served).by(ACTOR);
    }

    /** Whether even the last of its times is too long ago. */
    private static boolean missed(Planned plan, Instant now) {
        Instant from = now.minus(LATE);
        return plan.times()
                .after(from.isAfter(plan.servedTo()) ? from : plan.servedTo())
                .filter(at -> !at.isAfter(now))
                .isEmpty();
    }

    private static boolean isAhead(Instance instance, Instant now) {
        return instance.servedTo()
                .filter(to -> to.isAfter(now.plus(CLOCK_WAS_AHEAD)))
                .isPresent();
    }

    private HistoryEntry note(Instance instance, String kind, String reason) {
        return new HistoryEntry(
                time.instant(),
                kind,
                Optional.of(reason),
                Optional.empty(),
                Optional.empty(),
                instance.restarts(),
                Optional.of(ACTOR),
                List.of());
    }

    /** Its times are looked for again only when its schedule or what was served is another one. */
    private Optional<Planned> plan(Instance instance) {
        Optional<Schedule> schedule = instance.settings().schedule();
        if (schedule.isEmpty() || instance.servedTo().isEmpty()) {
            return Optional.empty();
        }
        Planned known = planned.get(instance.name());
        Instant servedTo = instance.servedTo().get();
        if (known == null || !known.schedule().equals(schedule.get())) {
            known = planned(schedule.get(), ScheduledTimes.of(schedule.get()), servedTo);
        } else if (!known.servedTo().equals(servedTo)) {
            known = planned(schedule.get(), known.times(), servedTo);
        }
        planned.put(instance.name(), known);
        return Optional.of(known);
    }

    private static Planned planned(Schedule schedule, ScheduledTimes times, Instant servedTo) {
        return new Planned(schedule, servedTo, times, times.after(servedTo));
    }
}
