package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.instances.InstanceCommands.Action;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.InstanceStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** Instances as the supervisor decides on them, without processes: what is decided is done at once, in order. */
abstract class DecidedInstances {
    final ManualTime time = new ManualTime();
    final Settings.Instances settings = Settings.defaults().instances();
    final List<String> launched = new ArrayList<>();
    Instances instances = new Instances();
    Dependencies dependencies;
    Definitions definitions;
    Starts starts;
    InstanceSupervisor supervisor;
    int spawns;

    @BeforeEach
    void begin() {
        dependencies = new Dependencies(instances);
        definitions = new Definitions(instances, dependencies, time, "node-1");
        starts = new Starts(instances, dependencies, time, () -> "node-1.s" + ++spawns);
        supervisor = new InstanceSupervisor(instances, definitions, starts, time, settings, () -> 1.0);
    }

    static Dependency on(String name, Condition condition) {
        return new Dependency(name, condition);
    }

    static ReadyWhen log(String text) {
        return new ReadyWhen(Optional.of(text), Optional.empty(), Optional.empty());
    }

    void create(String name, Dependency... on) {
        definitions(settings(name, RestartPolicy.NEVER, false, on));
    }

    void definitions(InstanceSettings wanted) {
        see(Optional.of(
                instances.find(wanted.name()).isPresent() ? definitions.change(wanted) : definitions.create(wanted)));
    }

    InstanceSettings settings(String name, RestartPolicy restart, boolean autostart, Dependency... on) {
        return settings(name, restart, Optional.empty(), Optional.empty(), autostart, on);
    }

    InstanceSettings settings(String name, Optional<HealthProbe> health, Optional<ReadyWhen> ready, boolean autostart) {
        return settings(name, RestartPolicy.NEVER, health, ready, autostart);
    }

    InstanceSettings settings(
            String name,
            RestartPolicy restart,
            Optional<HealthProbe> health,
            Optional<ReadyWhen> ready,
            boolean autostart,
            Dependency... on) {
        int port = instances
                .find(name)
                .map(one -> one.settings().port())
                .orElse(settings.portBase() + instances.all().size());
        return new InstanceSettings(
                name,
                List.of("true"),
                Optional.empty(),
                Map.of(),
                port,
                restart,
                health,
                autostart,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                LogMode.FILE,
                List.of(on),
                ready,
                Optional.empty(),
                Limits.NONE);
    }

    void act(String name, Action action) {
        see(Optional.of(supervisor.act(name, action)));
    }

    void runs(String name) {
        see(supervisor.launched(name, spawn(name), new ProcessIdentity(100 + spawns, 1_000, "boot")));
    }

    void exits(String name, int code) {
        see(supervisor.exited(name, spawn(name), Optional.of(code), List.of()));
    }

    void ends(String name) {
        see(supervisor.ended(name, spawn(name)));
    }

    /** Another gateway finds what was stored, and these processes. */
    void comesBack(Map<String, ProcessIdentity> running) {
        List<Instance> stored = instances.all();
        instances = new Instances();
        stored.forEach(one -> instances.know(one.with(Recent.NOTHING)));
        begin();
        for (String name :
                dependencies.inOrder(stored.stream().map(Instance::name).toList())) {
            Optional<Decision> taken = supervisor.recovered(name, Optional.ofNullable(running.get(name)));
            if (taken.isPresent()) {
                see(taken);
            }
        }
    }

    /** Does what is decided and all that comes of it, one after the other, as the verticle does. */
    void see(Optional<Decision> decision) {
        Deque<Effect> open = new ArrayDeque<>();
        for (Optional<Decision> next = Optional.of(decision.orElseThrow());
                next.isPresent();
                next = open.isEmpty() ? starts.released() : follow(open)) {
            instances.commit(next.get());
            open.addAll(next.get().effects().stream()
                    .filter(effect -> effect instanceof Effect.Need)
                    .toList());
            next.get().effects().stream()
                    .flatMap(effect -> effect instanceof Effect.Launch launch
                            ? Stream.of(launch.settings().name())
                            : Stream.empty())
                    .forEach(launched::add);
        }
    }

    Optional<Decision> follow(Deque<Effect> open) {
        while (!open.isEmpty()) {
            Effect.Need need = (Effect.Need) open.remove();
            Optional<Decision> decision = starts.needed(need.name(), need.by());
            if (decision.isPresent()) {
                return decision;
            }
        }
        return starts.released();
    }

    Instance get(String name) {
        return instances.get(name);
    }

    InstanceStatus status(String name) {
        return get(name).status();
    }

    String reason(String name) {
        return get(name).reason().orElseThrow();
    }

    String spawn(String name) {
        return get(name).spawn().orElseThrow().id();
    }

    static void refused(ErrorCode code, String why, org.assertj.core.api.ThrowableAssert.ThrowingCallable command) {
        assertThatThrownBy(command).hasMessageContaining(why).returns(code, failure -> ((FairleadException) failure)
                .code());
    }
}
