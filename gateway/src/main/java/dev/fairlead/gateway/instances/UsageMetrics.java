package dev.fairlead.gateway.instances;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What each instance that runs uses: {@code fairlead.instance.cpu} and so on, by {@code instance}. */
final class UsageMetrics {
    private static final double PERCENT = 100;

    private final MultiGauge cpu;
    private final MultiGauge memory;
    private final MultiGauge openFiles;
    private final MultiGauge threads;
    private final MultiGauge logBytes;
    private final MeterRegistry registry;
    private volatile boolean any;

    UsageMetrics(MeterRegistry registry) {
        this.registry = registry;
        cpu = MultiGauge.builder("fairlead.instance.cpu")
                .description("Cores that an instance's processes use")
                .register(registry);
        memory = MultiGauge.builder("fairlead.instance.memory")
                .description("Resident memory of an instance's processes")
                .baseUnit("bytes")
                .register(registry);
        openFiles = MultiGauge.builder("fairlead.instance.open.files")
                .description("Files that an instance's processes have open")
                .register(registry);
        threads = MultiGauge.builder("fairlead.instance.threads")
                .description("Threads of an instance's processes")
                .register(registry);
        logBytes = MultiGauge.builder("fairlead.instance.log")
                .description("Disk that an instance's log takes")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Whether some are told of now. */
    boolean any() {
        return any;
    }

    /** From now on these, and no others. From any thread, one at a time. */
    void tell(Map<String, Usage> last) {
        any = !last.isEmpty();
        rows(cpu, last, usage -> usage.cpuPercent().map(percent -> percent / PERCENT));
        rows(memory, last, usage -> Optional.of((double) usage.memoryBytes()));
        rows(openFiles, last, usage -> usage.openFiles().map(Integer::doubleValue));
        rows(threads, last, usage -> Optional.of((double) usage.threads()));
        rows(logBytes, last, usage -> Optional.of((double) usage.logBytes()));
    }

    private void rows(MultiGauge gauge, Map<String, Usage> last, Function<Usage, Optional<Double>> value) {
        if (registry.isClosed()) {
            return;
        }
        gauge.register(
                last.entrySet().stream()
                        .flatMap(one -> value.apply(one.getValue()).stream()
                                .map(number -> Row.of(Tags.of("instance", one.getKey()), number)))
                        .collect(Collectors.toUnmodifiableList()),
                true);
    }
}
