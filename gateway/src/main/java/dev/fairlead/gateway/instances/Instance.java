package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.instances.InstanceCommands.InstanceFound;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An instance at one moment. All of it but {@code recent} is stored.
 *
 * @param spawn the program that runs, is about to, or is to be ended
 * @param thenStart whether it is to be started once it has stopped
 * @param restarts since it was last started by hand
 * @param node it lives on
 * @param servedTo up to when its schedule was heeded; empty where it never had one
 */
record Instance(
        InstanceSettings settings,
        InstanceStatus status,
        Optional<Spawn> spawn,
        boolean thenStart,
        int restarts,
        Optional<Integer> exitCode,
        Optional<String> reason,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> archivedAt,
        String node,
        Optional<Instant> servedTo,
        Recent recent) {

    private static final int MAX_REASON = 2_000;

    static Instance created(InstanceSettings settings, Instant at, String node) {
        return new Instance(
                settings,
                InstanceStatus.STOPPED,
                Optional.empty(),
                false,
                0,
                Optional.empty(),
                Optional.empty(),
                at,
                Optional.empty(),
                Optional.empty(),
                node,
                settings.schedule().map(ignored -> at),
                Recent.NOTHING);
    }

    String name() {
        return settings.name();
    }

    /** Whether it neither runs nor is about to. */
    boolean isDown() {
        return status == InstanceStatus.STOPPED || status == InstanceStatus.FAILED;
    }

    /** Whether it waits for others, and not for a time, before it is started. */
    boolean isHeld() {
        return status == InstanceStatus.STARTING && spawn.isEmpty() && !recent.waits();
    }

    /** Whether its process runs and has not shown yet that it is ready. */
    boolean isGettingReady() {
        return status == InstanceStatus.STARTING && process().isPresent();
    }

    boolean isUp() {
        return status == InstanceStatus.RUNNING || status == InstanceStatus.UNHEALTHY;
    }

    /** Whether an action would bring it to where it is. */
    boolean isAlready(Action action) {
        return switch (action) {
            case START -> !isArchived() && (isUp() || status == InstanceStatus.STARTING);
            case STOP -> !thenStart && (isDown() || status == InstanceStatus.STOPPING);
            case RESTART -> false;
            case ARCHIVE -> isArchived();
            case UNARCHIVE -> !isArchived();
        };
    }

    boolean isArchived() {
        return archivedAt.isPresent();
    }

    boolean owns(String spawnId) {
        return spawn.filter(one -> one.id().equals(spawnId)).isPresent();
    }

    /** Its process, where that is known and it is not at its end. */
    Optional<ProcessIdentity> process() {
        return spawn.flatMap(Spawn::process);
    }

    Instance with(InstanceSettings changed) {
        return changed(draft -> draft.settings = changed);
    }

    Instance with(Recent changed) {
        return changed(draft -> draft.recent = changed);
    }

    /** @param why cut where it is longer than is kept */
    Instance with(InstanceStatus changed, Optional<String> why) {
        return changed(draft -> {
            draft.status = changed;
            draft.reason = why.map(text -> text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON));
        });
    }

    Instance with(Spawn changed) {
        return changed(draft -> draft.spawn = Optional.of(changed));
    }

    /** A process of its own runs since then. */
    Instance startedAt(Instant at) {
        return changed(draft -> draft.startedAt = Optional.of(at));
    }

    /** Its schedule was heeded up to then. */
    Instance servedTo(Instant to) {
        return changed(draft -> draft.servedTo = Optional.of(to));
    }

    Instance withoutProcess() {
        return changed(draft -> {
            draft.spawn = Optional.empty();
            draft.startedAt = Optional.empty();
        });
    }

    Instance exited(Optional<Integer> code) {
        return changed(draft -> draft.exitCode = code);
    }

    Instance thenStart(boolean start) {
        return changed(draft -> draft.thenStart = start);
    }

    Instance restarts(int count) {
        return changed(draft -> draft.restarts = count);
    }

    Instance archived(Optional<Instant> at) {
        return changed(draft -> draft.archivedAt = at);
    }

    private Instance changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.instance();
    }

    InstanceSummary summary() {
        return new InstanceSummary(
                name(),
                status,
                Optional.of(settings.port()),
                process().map(ProcessIdentity::pid),
                archivedAt,
                recent.health(),
                restarts,
                exitCode,
                reason,
                startedAt,
                Optional.of(node),
                createdAt,
                Optional.empty(),
                settings.protocol().map(Protocol::wire),
                Optional.of(settings.labels()));
    }

    /**
     * All that is told of it.
     *
     * @param folder its working folder, where it was given none
     * @param user the account it runs as, where that is not the gateway's
     * @param nextRun when it is started by itself next
     * @param limitsNotKept why its limits are not kept
     */
    InstanceFound whole(
            InstanceSummary summary,
            String folder,
            Optional<String> user,
            Optional<Instant> nextRun,
            Optional<String> limitsNotKept) {
        return new InstanceFound(
                summary,
                settings.command(),
                settings.cwd().orElse(folder),
                settings.env().keySet().stream().sorted().toList(),
                settings.restart(),
                settings.health(),
                settings.autostart(),
                user,
                settings.protocol().map(spoken -> settings.acpAllow()),
                settings.log(),
                settings.dependsOn(),
                settings.readyWhen(),
                settings.schedule(),
                nextRun,
                settings.limits().memoryText(),
                settings.limits().cores(),
                limitsNotKept);
    }

    /** One to be, all of which may still change. */
    private static final class Draft {
        private final Instance before;
        private InstanceSettings settings;
        private InstanceStatus status;
        private Optional<Spawn> spawn;
        private boolean thenStart;
        private int restarts;
        private Optional<Integer> exitCode;
        private Optional<String> reason;
        private Optional<Instant> startedAt;
        private Optional<Instant> archivedAt;
        private Optional<Instant> servedTo;
        private Recent recent;

        Draft(Instance before) {
            this.before = before;
            settings = before.settings;
            status = before.status;
            spawn = before.spawn;
            thenStart = before.thenStart;
            restarts = before.restarts;
            exitCode = before.exitCode;
            reason = before.reason;
            startedAt = before.startedAt;
            archivedAt = before.archivedAt;
            servedTo = before.servedTo;
            recent = before.recent;
        }

        Instance instance() {
            return new Instance(
                    settings,
                    status,
                    spawn,
                    thenStart,
                    restarts,
                    exitCode,
                    reason,
                    before.createdAt,
                    startedAt,
                    archivedAt,
                    before.node,
                    servedTo,
                    recent);
        }
    }
}
