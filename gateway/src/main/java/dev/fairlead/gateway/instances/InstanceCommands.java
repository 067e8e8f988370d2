package dev.fairlead.gateway.instances;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What can be asked of the concern of instances. Names that no instance has are refused with
 * {@code instance_not_found}, what does not fit an instance's state with {@code invalid_state}. In each command
 * {@code actor} and {@code address} say who asks, and from where, for the audit trail.
 */
public final class InstanceCommands {
    private InstanceCommands() {}

    /**
     * Asks for all instances, by name.
     *
     * @param selector of those by their labels, such as {@code team=a}; {@code bad_request} where it is none
     */
    public record ListInstances(boolean includeArchived, Optional<String> selector) implements Request<InstanceList> {}

    /** Asks a node for all instances that live on it, archived ones too. */
    public record ListOwn() implements Request<InstanceList> {}

    public record InstanceList(List<InstanceSummary> instances) {
        public InstanceList {
            instances = List.copyOf(instances);
        }
    }

    /** Asks which node an instance lives on; answered at once, from memory. */
    public record FindHome(String name) implements Request<Home> {}

    /**
     * Which node an instance lives on.
     *
     * @param node empty where there is no such instance
     */
    public record Home(Optional<String> node) {}

    /** Asks for one instance. */
    public record GetInstance(String name) implements Request<InstanceFound> {}

    /**
     * An instance whole. The values of its environment are not told: they may be secrets.
     *
     * @param envNames the variables of its own, by name
     * @param healthCheck how it is checked; what came of that is the summary's {@code health}
     * @param user the account it runs as, where that is not the gateway's
     * @param acpAllow what its agent may have done for it, where that speaks ACP
     * @param log how its output gets into its log
     * @param dependsOn what is waited for before it is started
     * @param readyWhen what shows that it is ready; absent where it is as soon as it runs
     * @param schedule when it is started by itself
     * @param nextRun when that is next
     * @param memoryMax what it may use at most, such as {@code 512MiB}
     * @param cpuMax the same, in cores
     * @param limitsNotKept why that is not kept here, and what mends it
     */
    public record InstanceFound(
            @JsonUnwrapped InstanceSummary instance,
            List<String> command,
            String cwd,
            List<String> envNames,
            RestartPolicy restart,
            Optional<HealthProbe> healthCheck,
            boolean autostart,
            Optional<String> user,
            Optional<List<AcpAllowance>> acpAllow,
            LogMode log,
            List<Dependency> dependsOn,
            Optional<ReadyWhen> readyWhen,
            Optional<Schedule> schedule,
            Optional<Instant> nextRun,
            Optional<String> memoryMax,
            Optional<Double> cpuMax,
            Optional<String> limitsNotKept) {
        public InstanceFound {
            dependsOn = List.copyOf(dependsOn);
            command = List.copyOf(command);
            envNames = List.copyOf(envNames);
        }
    }

    /**
     * What an instance is to be. In a new one all but the name and the command may be absent, in a change everything.
     *
     * @param command the program and its arguments, never a shell line
     * @param cwd absolute; a folder of the instance's own where absent, in the data folder or its account's home
     * @param port told as {@code PORT}; the next free one where absent
     * @param autostart whether it starts with the gateway
     * @param user an account of this machine; that of {@code instances.user} where absent or empty
     * @param protocol that the gateway speaks to it
     * @param acpAllow what its agent may have done for it, where that speaks ACP; nothing where absent
     * @param labels what it is sorted by, all of them: at most 16
     * @param log how its output gets into its log; {@code file} where absent
     * @param dependsOn what is waited for before it is started: other instances of the node, at most 16
     * @param readyWhen what shows that it is ready; as soon as it runs where absent or empty
     * @param schedule when it is started by itself; not where absent or empty
     * @param memoryMax what it may use at most, such as {@code 512MiB}; no limit where absent or empty
     * @param cpuMax the same, in cores; no limit where absent or 0
     */
    public record Wanted(
            Optional<List<String>> command,
            Optional<String> cwd,
            Optional<Map<String, String>> env,
            Optional<Integer> port,
            Optional<RestartPolicy> restart,
            Optional<HealthProbe> health,
            Optional<Boolean> autostart,
            Optional<String> user,
            Optional<Protocol> protocol,
            Optional<List<AcpAllowance>> acpAllow,
            Optional<Map<String, String>> labels,
            Optional<LogMode> log,
            Optional<List<Dependency>> dependsOn,
            Optional<ReadyWhen> readyWhen,
            Optional<Schedule> schedule,
            Optional<String> memoryMax,
            Optional<Double> cpuMax) {
        @Override
        public String toString() {
            return "Wanted[********]";
        }
    }

    /** Makes an instance. Refused with {@code name_taken}, {@code conflict} for a port in use, {@code bad_request}. */
    public record CreateInstance(String name, Wanted wanted, String actor, String address)
            implements Request<InstanceFound> {}

    /** Changes settings; what a process was started with only while there is none. What is absent stays. */
    public record ChangeInstance(String name, Wanted wanted, String actor, String address)
            implements Request<InstanceFound> {}

    /**
     * Makes an instance what it is to be, whether there is one of that name or not: what is absent is as it is in a new
     * one, but for the port of one that is there. Refused as a creation and a change are.
     *
     * @param dryRun nothing is made or changed
     * @param assumed names that may be depended on though there is no such instance yet, where it is a dry run
     */
    public record PutInstance(
            String name, Wanted wanted, boolean dryRun, List<String> assumed, String actor, String address)
            implements Request<InstancePut> {
        public PutInstance {
            assumed = List.copyOf(assumed);
        }
    }

    /**
     * What became of an instance that was to be so, or would become of it.
     *
     * @param outcome what was done, as it stands in JSON: made, made another one, or left as it was
     * @param changes the fields that were other ones before; of one that was made, those that are not left out
     * @param needsStop whether it has to be stopped for that
     * @param before as it was; absent where there was none
     * @param instance as it is then
     */
    public record InstancePut(
            String outcome,
            List<String> changes,
            boolean needsStop,
            Optional<InstanceFound> before,
            InstanceFound instance) {
        public InstancePut {
            changes = List.copyOf(changes);
        }
    }

    /** Makes an instance with the settings of another, on the next free port. */
    public record CloneInstance(String name, String cloneName, String actor, String address)
            implements Request<InstanceFound> {}

    /** What can be done to an instance. */
    public enum Action {
        START,
        STOP,
        RESTART,
        ARCHIVE,
        UNARCHIVE;

        /** The action as it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The action of that name.
         *
         * @throws FairleadException {@code bad_request}
         */
        @JsonCreator
        public static Action of(String wire) {
            return Arrays.stream(values())
                    .filter(action -> action.wire().equals(wire))
                    .findFirst()
                    .orElseThrow(() -> new FairleadException(
                            ErrorCode.BAD_REQUEST,
                            "Field 'action' is one of start, stop, restart, archive, unarchive"));
        }
    }

    /** Takes an instance through its life; answered as soon as that has begun. */
    public record Act(String name, Action action, String actor, String address) implements Request<InstanceFound> {}

    /**
     * Takes several instances through their lives, one after the other; what is refused of one stops none of the
     * others.
     *
     * @param selector of those meant by their labels; archived ones only where they are to be brought back
     * @param names of those meant, in place of a selector: at most {@value #MOST_AT_ONCE}
     */
    public record ActOnMany(
            Optional<String> selector, Optional<List<String>> names, Action action, String actor, String address)
            implements Request<ActedOnMany> {}

    /** Rows of one call. */
    public static final int MOST_AT_ONCE = 1_000;

    public record ActedOnMany(List<ActedOn> results) {
        public ActedOnMany {
            results = List.copyOf(results);
        }
    }

    /** What became of one of many. */
    public enum Outcome {
        /** It has begun. */
        DONE,
        /** It was so before. */
        UNCHANGED,
        REFUSED;

        /** The outcome as it stands in JSON. */
        @JsonValue
        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The outcome of that name. */
        @JsonCreator
        public static Outcome of(String wire) {
            return valueOf(wire.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * What became of one of many.
     *
     * @param status of the instance then; absent where there is no such instance
     * @param error the code of a refusal
     * @param message what is wrong, and what mends it
     */
    public record ActedOn(
            String name,
            Outcome outcome,
            Optional<InstanceStatus> status,
            Optional<String> error,
            Optional<String> message) {}

    /** Deletes an archived instance and its log. Its working folder stays. */
    public record DeleteInstance(String name, String actor, String address) implements Request<InstanceDeleted> {}

    public record InstanceDeleted(String name) {}

    /**
     * Asks for what became of an instance, newest first.
     *
     * @param before where the page before ended, as it was told; {@code bad_request} where it is anything else
     * @param limit 1 to 500
     */
    public record GetHistory(String name, Optional<String> before, int limit) implements Request<History> {}

    /** A page of what became of an instance; {@code cursor} where there is more. */
    public record History(List<HistoryEntry> events, Optional<String> cursor) {
        public History {
            events = List.copyOf(events);
        }
    }

    /**
     * Asks for what an instance used.
     *
     * @param range of time until now, such as {@code 30m}: 5 s to 24 h; an hour where absent
     */
    public record GetUsage(String name, Optional<String> range) implements Request<UsageFound> {}

    /**
     * What an instance used.
     *
     * @param supported whether this system tells
     * @param reason why it does not
     * @param resolutionSeconds between two samples
     * @param samples the oldest first; none for times without a process
     */
    public record UsageFound(boolean supported, Optional<String> reason, int resolutionSeconds, List<Usage> samples) {
        public UsageFound {
            samples = List.copyOf(samples);
        }
    }

    /**
     * Asks for what each instance that runs uses now, and the gateway itself.
     *
     * @param range so long back its trends go; none without one
     */
    public record GetFleetUsage(Optional<String> range) implements Request<FleetUsage> {}

    /**
     * The gateway's own process.
     *
     * @param cpuPercent of one core since it was last asked for; absent where that was not within the last minute
     * @param heapBytes in use
     */
    public record GatewayUsage(Optional<Double> cpuPercent, long heapBytes, long heapMaxBytes, int threads) {}

    /**
     * What all use.
     *
     * @param supported whether this system, or that of another node, tells of instances
     * @param instances by name, as they were last looked at
     * @param trends of the same, where a range was asked for
     */
    public record FleetUsage(
            boolean supported,
            GatewayUsage gateway,
            Map<String, Usage> instances,
            Optional<Map<String, UsageTrend>> trends) {
        public FleetUsage {
            instances = Collections.unmodifiableMap(new TreeMap<>(instances));
            trends = trends.map(all -> Collections.unmodifiableMap(new TreeMap<>(all)));
        }

        /** With what is used on another node. */
        FleetUsage and(FleetUsage other) {
            Map<String, Usage> used = new TreeMap<>(instances);
            used.putAll(other.instances);
            return new FleetUsage(supported || other.supported, gateway, used, trends.map(own -> {
                Map<String, UsageTrend> all = new TreeMap<>(own);
                other.trends.ifPresent(all::putAll);
                return all;
            }));
        }
    }

    /** Asks a node which of its processes are an instance's; those that are none are left out of the answer. */
    public record FindInstances(List<Long> pids) implements Request<InstanceProcesses> {
        public FindInstances {
            pids = List.copyOf(pids);
        }
    }

    public record InstanceProcesses(List<InstanceProcess> processes) {
        public InstanceProcesses {
            processes = List.copyOf(processes);
        }
    }

    /**
     * A process that an instance started, however far down.
     *
     * @param instance empty where it is of one that is no more
     */
    public record InstanceProcess(long pid, Optional<String> instance) {}

    /**
     * Asks the logs of a node for a new file of an instance's log, to which the gateway alone writes and does not until
     * this is answered: the one so far becomes the newest rotated one.
     */
    public record BeginLogFile(String name) implements Request<Noted> {}

    /**
     * Asks the logs of a node whether a line of an instance's last run says something.
     *
     * @param begins the line that a run begins with, as a regular expression
     * @param text in the line as it is seen, upper and lower case being the same
     * @param from where the last look ended; empty for the beginning of the run
     */
    public record FindInRun(String name, String begins, String text, Optional<String> from)
            implements Request<RunRead> {}

    /**
     * What a look at a run has found.
     *
     * @param next where the next look goes on
     */
    public record RunRead(boolean found, String next) {}

    /**
     * Tells, at its node, that the gateway listens: from now on programs can reach it and may be started.
     *
     * @param url of this gateway, for programs on the same machine
     */
    public record Listening(String url) implements Request<Noted> {}

    public record Noted() {}
}
