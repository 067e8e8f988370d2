package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.instances.InstanceCommands.FleetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.GetFleetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.GetUsage;
import dev.fairlead.gateway.instances.InstanceCommands.UsageFound;
import dev.fairlead.gateway.settings.DurationText;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples what the instances of this node use, and keeps it for a day. Confined to one event loop; {@code /proc} and
 * the disk are read on a worker, by one sample at a time.
 */
final class UsageSamples {
    static final Duration PERIOD = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(UsageSamples.class);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String NOT_HERE =
            "This system has no /proc, from which what processes use is read; it is there on Linux";

    private final Instances instances;
    private final ProcessTable processes;
    private final InstanceLog logs;
    private final WorkerExecutor workers;
    private final TimeSource time;
    private final UsageMetrics metrics;
    private final OwnUsage own;
    private final Map<String, UsageRing> rings = new HashMap<>();
    private final Map<String, Before> before = new HashMap<>();
    private boolean sampling;
    private boolean failed;

    /** What a tree had used at the sample before. */
    private record Before(ProcessIdentity leader, double cpuSeconds, long nanos) {}

    /** One sample, as a worker took it. */
    private record Taken(Map<String, TreeUsage.Used> used, Map<String, Long> logBytes) {}

    UsageSamples(
            Instances instances,
            ProcessTable processes,
            InstanceLog logs,
            WorkerExecutor workers,
            TimeSource time,
            MeterRegistry registry) {
        this.instances = instances;
        this.processes = processes;
        this.logs = logs;
        this.workers = workers;
        this.time = time;
        this.metrics = new UsageMetrics(registry);
        this.own = new OwnUsage(time);
    }

    /** From now on, where there is something to read. */
    void start(Scheduler scheduler) {
        if (ProcessTable.isSupported()) {
            Future<?> unused = workers.executeBlocking(TreeUsage::ofThisMachine)
                    .onSuccess(trees -> scheduler.every(PERIOD, () -> sample(trees)));
        }
    }

    /** What an instance used. Refuses with {@code instance_not_found}, and {@code bad_request} for no such time. */
    Future<UsageFound> find(GetUsage asked) {
        String name = instances.get(asked.name()).name();
        Duration range = asked.range().map(UsageSamples::range).orElse(UsageRing.FINE);
        List<Usage> samples = Optional.ofNullable(rings.get(name))
                .map(ring -> ring.since(time.instant().minus(range), range))
                .orElse(List.of());
        Duration resolution = range.compareTo(UsageRing.FINE) <= 0 ? PERIOD : MINUTE;
        return Future.succeededFuture(new UsageFound(
                ProcessTable.isSupported(),
                ProcessTable.isSupported() ? Optional.empty() : Optional.of(NOT_HERE),
                (int) resolution.toSeconds(),
                samples));
    }

    /** What all that run use, by name, and the gateway: the JVM's own beans take their time when first asked. */
    Future<FleetUsage> ofAll(GetFleetUsage asked) {
        Optional<Duration> range = asked.range().map(UsageSamples::range);
        return workers.executeBlocking(own::now)
                .map(gateway -> new FleetUsage(ProcessTable.isSupported(), gateway, last(), range.map(this::trends)));
    }

    private Map<String, UsageTrend> trends(Duration range) {
        Instant now = time.instant();
        Map<String, UsageTrend> trends = new HashMap<>();
        before.keySet().forEach(name -> Optional.ofNullable(rings.get(name))
                .map(ring -> ring.since(now.minus(range), range))
                .ifPresent(samples -> trends.put(name, UsageTrend.of(samples, now, range))));
        return trends;
    }

    private Map<String, Usage> last() {
        Map<String, Usage> last = new TreeMap<>();
        before.keySet().forEach(name -> Optional.ofNullable(rings.get(name))
                .flatMap(UsageRing::last)
                .ifPresent(usage -> last.put(name, usage)));
        return last;
    }

    private static Duration range(String text) {
        try {
            Duration range = DurationText.parse(text);
            if (range.compareTo(UsageRing.COARSE) <= 0 && range.compareTo(PERIOD) >= 0) {
                return range;
            }
        } catch (IllegalArgumentException e) {
            // refused below, like one out of bounds
        }
        throw new FairleadException(ErrorCode.BAD_REQUEST, "Parameter 'range' is from 5s to 24h, such as 30m");
    }

    private void sample(TreeUsage trees) {
        rings.keySet().removeIf(name -> instances.find(name).isEmpty());
        Map<String, ProcessIdentity> leaders = new HashMap<>();
        instances.all().forEach(one -> one.process().ifPresent(leader -> leaders.put(one.name(), leader)));
        before.keySet().retainAll(leaders.keySet());
        if (sampling || (leaders.isEmpty() && !metrics.any())) {
            return;
        }
        sampling = true;
        workers.executeBlocking(() -> take(trees, leaders), false).onComplete(done -> {
            sampling = false;
            if (done.succeeded()) {
                failed = false;
                done.result().used().forEach((name, used) -> add(name, leaders.get(name), used, done.result()));
            } else if (!failed) {
                failed = true;
                log.warn("What instances use cannot be read: {}", done.cause().getMessage());
            }
            tellMetrics();
        });
    }

    private Taken take(TreeUsage trees, Map<String, ProcessIdentity> leaders) {
        Map<String, TreeUsage.Used> used = trees.of(processes.entries(), leaders, ProcessTable::openFiles);
        Map<String, Long> logBytes = new HashMap<>();
        used.keySet().forEach(name -> logBytes.put(name, logs.bytes(name)));
        return new Taken(used, logBytes);
    }

    private void add(String name, ProcessIdentity leader, TreeUsage.Used used, Taken taken) {
        if (instances.find(name).isEmpty()) {
            return;
        }
        long nanos = time.nanos();
        Optional<Double> cpu = Optional.ofNullable(before.put(name, new Before(leader, used.cpuSeconds(), nanos)))
                .filter(last -> last.leader().equals(leader) && nanos > last.nanos())
                // What a child used that nobody waited for is lost: never below nothing.
                .map(last -> Math.max(0, used.cpuSeconds() - last.cpuSeconds()) * 100e9 / (nanos - last.nanos()));
        rings.computeIfAbsent(name, ignored -> new UsageRing())
                .add(new Usage(
                        time.instant(),
                        cpu,
                        used.memoryBytes(),
                        used.openFiles(),
                        used.threads(),
                        used.processes(),
                        taken.logBytes().get(name)));
    }

    /** Of those that run; making the meters of hundreds takes a while. */
    private void tellMetrics() {
        Map<String, Usage> last = last();
        Future<?> unused = workers.executeBlocking(
                () -> {
                    metrics.tell(last);
                    return null;
                },
                true);
    }
}
