package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.demo.DemoSettings;
import dev.fairlead.gateway.demo.SampleInstancesVerticle;
import dev.fairlead.gateway.settings.SettingsLoader;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import dev.fairlead.gateway.upstream.simulator.UpstreamSimulator;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** {@code serve --demo}: the gateway, the upstream's simulator beside it, and sample agents as its instances. */
final class DemoRun {

    static final String ORIGIN = "--demo";

    private final Console console;
    private final SettingsOptions options;
    private final Optional<Duration> tokenLife;

    DemoRun(Console console, SettingsOptions options, Optional<Duration> tokenLife) {
        this.console = console;
        this.options = options;
        this.tokenLife = tokenLife;
    }

    /** The settings in force; {@code upstream} are those of the simulator that runs. */
    static SettingsLoader.Loaded load(SettingsOptions options, Map<String, String> upstream) {
        Map<String, String> presets = new LinkedHashMap<>(DemoSettings.presets());
        presets.putAll(upstream);
        SettingsLoader.Loaded loaded = options.load(presets, ORIGIN);
        if (!DemoSettings.isHarmless(loaded.settings())) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "--demo has agents that submit orders, and works with upstream.kind=simulator alone;"
                            + " run another upstream without --demo");
        }
        return loaded;
    }

    int untilStopped() {
        load(options, Map.of()); // what is wrong is told before anything is started
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
        try {
            UpstreamSimulator simulator = simulator(vertx);
            String address = simulator.baseUrl().toString();
            SettingsLoader.Loaded loaded = load(options, Map.of("upstream.base_url", address));
            return new GatewayRun(loaded.settings(), console)
                    .with(gateway -> gateway.deploy(SampleInstancesVerticle::new, 1))
                    .saying("Demo: the agents planner, worker, scout and coder run here, all data is in "
                            + loaded.settings().dataDir())
                    .saying("Demo: the upstream is simulated at " + address + "; no order leaves this machine")
                    .untilStopped();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private UpstreamSimulator simulator(Vertx vertx) {
        SimulatorOptions any = SimulatorOptions.onPort(0);
        try {
            return UpstreamSimulator.start(
                            vertx,
                            TimeSource.system(),
                            tokenLife.map(any::withTokenLife).orElse(any))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw new CommandFailure(
                    ExitStatus.FAILED,
                    "The simulated upstream does not start: " + e.getCause().getMessage());
        }
    }
}
