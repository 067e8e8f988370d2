package dev.fairlead.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.chat.llm.FakeModel;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RawHttp;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever breaks off in the middle, it is no error of the gateway and not one in its log. */
class BrokenConnectionsIT {
    @TempDir
    Path folder;

    @Test
    void a_client_that_breaks_off_in_mid_request() throws IOException {
        try (GatewayProcess gateway = serve(Map.of())) {
            breakingOff(gateway).close();
            breakingOff(gateway).reset();
            hasNothingToSay(gateway);
        }
    }

    @Test
    void a_model_that_breaks_off_in_mid_answer() {
        try (FakeModel model = FakeModel.start().then(ModelReplies.cut("Half an ans"));
                GatewayProcess gateway = serve(
                        Map.of("FAIRLEAD_LLM_BASE_URL", model.baseUrl().toString(), "FAIRLEAD_LLM_MODEL", "fake"))) {
            try (WsClient chat = WsClient.connect(gateway.ws("/ws/chat?agent=llm"))) {
                chat.send("{\"type\":\"message\",\"content\":\"Tell me all.\"}");
                assertThat(chat.next("error").get("code").asText()).isEqualTo("PROVIDER_ERROR");
            }
            hasNothingToSay(gateway);
        }
    }

    private GatewayProcess serve(Map<String, String> environment) {
        return GatewayProcess.serve(folder, environment, "--port", "0");
    }

    private static RawHttp breakingOff(GatewayProcess gateway) throws IOException {
        RawHttp client = new RawHttp(gateway.port())
                .request(
                        "POST /api/messages HTTP/1.1",
                        "Host: 127.0.0.1:" + gateway.port(),
                        "Content-Type: application/json",
                        "Content-Length: 1000",
                        "Expect: 100-continue");
        assertThat(client.head()).startsWith("HTTP/1.1 100 ");
        return client.send("{\"to\":");
    }

    private static void hasNothingToSay(GatewayProcess gateway) {
        gateway.terminate();
        assertThat(gateway.exitCode()).isZero();
        assertThat(gateway.err()).doesNotContain("ERROR", "WARN", "Exception");
    }
}
