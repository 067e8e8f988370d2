package dev.fairlead.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract as a gateway serves it. */
class DocumentsIT {
    @TempDir
    Path folder;

    @Test
    void the_documents_speak_of_the_address_they_were_asked_at() {
        try (RunningGateway gateway = RunningGateway.start(folder.resolve("data"))) {
            String host = "127.0.0.1:" + gateway.port();
            JsonNode rest = gateway.get("/api/openapi.json").body();
            JsonNode sockets = gateway.get("/api/asyncapi.json").body();

            assertThat(rest.at("/servers/0/url").asText()).isEqualTo("http://" + host);
            assertThat(rest.at("/components/securitySchemes/session/name").asText())
                    .isEqualTo("fairlead_session_" + gateway.port());
            assertThat(sockets.at("/servers/local/host").asText()).isEqualTo(host);
            assertThat(sockets.at("/servers/local/protocol").asText()).isEqualTo("ws");
        }
    }
}
