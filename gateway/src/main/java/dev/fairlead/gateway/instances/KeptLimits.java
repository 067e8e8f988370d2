package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs in the groups that keep them to their limits, and knows of each instance why that is not so. A
 * program is started in any case. For workers, but for {@link #notKept}, which any thread may ask.
 */
final class KeptLimits {
    private static final Logger log = LoggerFactory.getLogger(KeptLimits.class);

    /** What waits for a line, and ends with the gateway that was to send it: no program begins outside its group. */
    private static final List<String> HELD =
            List.of("-c", "read -r begin || exit 1; exec \"$@\" </dev/null", "fairlead-held");

    private static final byte[] BEGIN = "begin\n".getBytes(StandardCharsets.US_ASCII);

    private final ControlGroups groups;
    private final ProcessTable processes;
    private final Executables executables;
    private final Map<String, Optional<String>> latest = new ConcurrentHashMap<>();
    private volatile Optional<String> obstacle = Optional.empty();

    /** For the programs of one gateway. */
    KeptLimits(ControlGroups groups, ProcessTable processes, Executables executables) {
        this.groups = groups;
        this.processes = processes;
        this.executables = executables;
    }

    /**
     * Looks what can be kept, and says it where that matters.
     *
     * @param wanted whether the settings name a group for it
     */
    void prepare(List<Instance> stored, boolean wanted) {
        groups.sweep();
        obstacle = groups.obstacle();
        List<Instance> limited = stored.stream()
                .filter(instance -> !instance.settings().limits().isNone())
                .toList();
        if (wanted || !limited.isEmpty()) {
            obstacle.ifPresent(why -> log.warn("Instances are not kept to memory_max and cpu_max: {}", why));
        }
        for (Instance instance : limited) {
            instance.spawn()
                    .flatMap(Spawn::process)
                    .filter(processes::runs)
                    .ifPresent(process -> found(instance.name(), process.pid()));
        }
    }

    /** One that runs since before this gateway. */
    private void found(String name, long pid) {
        latest.put(
                name,
                groups.holds(processes.controlGroups(pid), name)
                        ? Optional.empty()
                        : Optional.of("It was started without them, before this gateway; restart it"));
    }

    /** Why the limits of an instance were not kept at its latest start, or would not be; empty where they are. */
    Optional<String> notKept(InstanceSettings settings) {
        return settings.limits().isNone() ? Optional.empty() : latest.getOrDefault(settings.name(), obstacle);
    }

    /**
     * What a command line begins with that is to be {@linkplain #begin begun} once its process is in its group; empty
     * where there is nothing to keep, or no way.
     */
    List<String> hold(InstanceSettings settings) {
        String name = settings.name();
        if (settings.limits().isNone()) {
            latest.remove(name);
            return List.of();
        }
        Optional<Path> sh = executables.find("sh");
        if (sh.isEmpty()) {
            isNot(name, "No 'sh' is on the PATH; install it");
            return List.of();
        }
        try {
            groups.prepare(name, settings.limits());
        } catch (IOException e) {
            isNot(name, refusal(e));
            return List.of();
        }
        List<String> held = new ArrayList<>(List.of(sh.get().toString()));
        held.addAll(HELD);
        return held;
    }

    /** Puts a process that was held into its group, and lets it go on, in there or not. */
    void begin(String name, Process held) {
        try {
            groups.enter(name, held.pid());
            latest.put(name, Optional.empty());
        } catch (IOException e) {
            isNot(name, refusal(e));
        }
        try (OutputStream input = held.getOutputStream()) {
            input.write(BEGIN);
        } catch (IOException e) {
            log.debug("Instance {} ended before it began: {}", name, e.getMessage());
        }
    }

    private void isNot(String name, String reason) {
        latest.put(name, Optional.of(reason));
        log.warn("Instance {} runs without its limits: {}", name, reason);
    }

    private static String refusal(IOException refused) {
        String message = String.valueOf(refused.getMessage());
        return message.contains("busy")
                ? message + "; a group is divided, or entered, once what else runs or still ends in it is gone: start"
                        + " the instance again then"
                : message;
    }

    /** What runs in an instance's group. */
    List<ProcessIdentity> members(String name) {
        return groups.members(name).stream()
                .flatMap(pid -> processes.identity(pid).stream())
                .toList();
    }

    /** Kills what is left of an instance that is to be gone, whatever session it made itself. */
    void kill(String name) {
        groups.kill(name);
    }

    /** Nothing of an instance runs. */
    void ended(String name) {
        groups.leave(name);
    }

    /** An instance is deleted. */
    void forget(String name) {
        latest.remove(name);
        groups.leave(name);
    }
}
