package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The commands that run for an agent. Its methods block and may be called from any thread. */
final class Terminals {
    /** Commands whose output is held at a time. */
    static final int MOST = 32;

    private final Map<String, Terminal> terminals = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<String, String> environment;
    private final Optional<Path> setsid;

    /**
     * None yet.
     *
     * @param environment of all of them
     * @param setsid the program that gives each a process group of its own, where there is one
     */
    Terminals(Map<String, String> environment, Optional<Path> setsid) {
        this.environment = Map.copyOf(environment);
        this.setsid = setsid;
    }

    /**
     * Starts one: {@code terminal/create}.
     *
     * @throws IOException where it may not, or cannot be started
     */
    ObjectNode create(WorkingFolder folder, JsonNode params) throws IOException {
        if (terminals.size() >= MOST) {
            throw new IOException(MOST + " terminals are open already; release some (terminal/release)");
        }
        List<String> command = new ArrayList<>();
        setsid.map(Path::toString).ifPresent(command::add);
        command.add(params.path("command").asText());
        params.path("args").forEach(argument -> command.add(argument.asText()));
        Path cwd = params.path("cwd").isTextual()
                ? folder.existing(params.get("cwd").textValue())
                : folder.root();
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(cwd.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        for (JsonNode variable : params.path("env")) {
            builder.environment()
                    .put(variable.path("name").asText(), variable.path("value").asText());
        }
        String id = "terminal-" + numbers.incrementAndGet();
        Process process = builder.start();
        process.getOutputStream().close();
        terminals.put(
                id,
                new Terminal(
                        process,
                        setsid.isPresent(),
                        params.path("outputByteLimit").asInt(Terminal.MOST_OUTPUT)));
        return FrameCodec.object().put("terminalId", id);
    }

    /**
     * The one that is meant.
     *
     * @throws IOException where there is none
     */
    Terminal require(JsonNode params) throws IOException {
        String id = params.path("terminalId").asText();
        return Optional.ofNullable(terminals.get(id))
                .orElseThrow(() -> new IOException("No terminal '" + ContentText.cut(id, 100) + "'"));
    }

    /** Ends it and forgets its output. */
    ObjectNode release(JsonNode params) throws IOException {
        require(params).kill();
        terminals.remove(params.path("terminalId").asText());
        return FrameCodec.object();
    }

    /** Ends all. */
    void end() {
        terminals.values().forEach(Terminal::kill);
        terminals.clear();
    }
}
