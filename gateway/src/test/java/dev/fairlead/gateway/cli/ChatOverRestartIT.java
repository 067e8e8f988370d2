package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.ServedGateway;
import dev.fairlead.gateway.testing.WsClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fairlead chat} whose gateway is killed and comes back. */
class ChatOverRestartIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void a_chat_goes_on_in_its_session_after_its_gateway_was_killed_in_mid_answer() throws IOException {
        try (ServedGateway gateway = ServedGateway.start(folder.resolve("data"));
                GatewayProcess chat = GatewayProcess.interruptible(
                        folder,
                        Map.of(
                                "FAIRLEAD_URL",
                                gateway.http("").toString(),
                                "FAIRLEAD_ADMIN_PASSWORD",
                                RunningGateway.PASSWORD),
                        "chat",
                        "--name",
                        "kept");
                WsClient agent = WsClient.connect(
                        gateway.ws("/ws/agent"), "Authorization", "Bearer " + gateway.registrationToken("steady"))) {
            chat.type("/help");
            await().atMost(PATIENCE).until(() -> chat.out().contains("/instances"));
            String before = chat.out();
            chat.type("/confirm no-such-order"); // waits for a person
            await().atMost(PATIENCE).until(() -> chat.err().contains("may it call confirm_order? y or n"));

            gateway.kill();
            assertThat(agent.closed().code()).isNotEqualTo(1000);
            await().atMost(PATIENCE).until(() -> chat.err().contains("next attempt"));
            gateway.start();

            await().atMost(PATIENCE).until(() -> chat.err().split("may it call confirm_order", -1).length > 2);
            chat.type("y"); // it still waits
            await().atMost(PATIENCE).until(() -> chat.err().contains("order_not_found"));
            chat.type("/agents");
            await().atMost(PATIENCE).until(() -> chat.out().contains("steady"));
            chat.endInput();

            assertThat(chat.exitCode()).isZero();
            assertThat(chat.out()).startsWith(before);
            assertThat(chat.out().substring(before.length())).doesNotContain("/instances");
            JsonNode sessions = gateway.get("/api/sessions").get("sessions");
            assertThat(sessions).hasSize(1);
            assertThat(sessions.get(0).get("name").asText()).isEqualTo("kept");
            assertThat(gateway.get("/api/sessions/"
                                    + sessions.get(0).get("session_id").asText() + "/messages")
                            .get("messages")
                            .findValuesAsText("role"))
                    .filteredOn("user"::equals)
                    .hasSize(3);
        }
    }
}
