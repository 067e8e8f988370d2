package dev.fairlead.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Browser;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway with its dashboard, a Chromium to look at it with, and real programs to be looked at. */
final class Dashboard implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Chromium chromium;
    private final RunningGateway gateway;
    private final Path folder;

    private Dashboard(Chromium chromium, RunningGateway gateway, Path folder) {
        this.chromium = chromium;
        this.gateway = gateway;
        this.folder = folder;
    }

    /** Starts both; the gateway keeps its data below {@code folder}. */
    static Dashboard start(Path folder, String... settings) {
        Chromium chromium = Chromium.launch();
        try {
            return new Dashboard(chromium, RunningGateway.start(folder.resolve("data"), settings), folder);
        } catch (RuntimeException | Error e) {
            chromium.close();
            throw e;
        }
    }

    RunningGateway gateway() {
        return gateway;
    }

    String url(String path) {
        return gateway.http(path).toString();
    }

    /** Somebody new at a large screen. */
    Visitor visitor() {
        return chromium.visitor();
    }

    Visitor visitor(Browser.NewContextOptions options) {
        return chromium.visitor(options);
    }

    /** Has the gateway keep an instance that is not started yet. */
    void create(String name, String... command) {
        ObjectNode instance = FrameCodec.object().put("name", name).put("restart", "never");
        ArrayNode argv = instance.putArray("command");
        for (String word : command) {
            argv.add(word);
        }
        assertThat(gateway.post("/api/instances", instance.toString()).status()).isEqualTo(201);
    }

    /** Asks for {@code verb}, as "start", and waits for what comes of it. */
    void bring(String name, String verb, String status) {
        assertThat(gateway.post("/api/instances/" + name + "/" + verb, "").status())
                .isEqualTo(202);
        await().atMost(PATIENCE).until(() -> status(name).equals(status));
    }

    String status(String name) {
        return gateway.get("/api/instances/" + name).body().path("status").asText();
    }

    /** A running program of that name that says what it is told to. */
    Speaker speaker(String name) {
        Speaker speaker = new Speaker(folder.resolve(name + ".said"));
        create(name, "tail", "-n", "+1", "-f", speaker.file().toString());
        bring(name, "start", "running");
        return speaker;
    }

    @Override
    public void close() {
        try {
            chromium.close();
        } finally {
            gateway.close();
        }
    }
}
