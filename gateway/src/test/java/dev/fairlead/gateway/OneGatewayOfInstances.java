package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose instances are made and acted on over REST. */
abstract class OneGatewayOfInstances {
    static final String SLEEPER = "[\"sleep\",\"600\"]";

    @TempDir
    Path folder;

    RunningGateway gateway;
    private final String[] settings;

    OneGatewayOfInstances(String... settings) {
        this.settings = settings.clone();
    }

    @BeforeEach
    void start() {
        gateway = RunningGateway.start(folder.resolve("data"), settings);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** @param more fields, each after a comma */
    void create(String name, String command, String more) {
        RunningGateway.Reply made =
                gateway.post("/api/instances", "{\"name\":\"" + name + "\",\"command\":" + command + more + "}");
        assertThat(made.status()).as(made.raw().body()).isEqualTo(201);
    }

    JsonNode act(String name, String verb, int status) {
        RunningGateway.Reply done = gateway.post("/api/instances/" + name + "/" + verb, "");
        assertThat(done.status()).as(done.raw().body()).isEqualTo(status);
        return done.body();
    }

    String status(String name) {
        return gateway.get("/api/instances/" + name).body().path("status").asText();
    }
}
