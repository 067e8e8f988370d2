package dev.fairlead.gateway;

import static dev.fairlead.gateway.LlmGateway.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that takes long to begin is waited for as long as the setting says, however long that is. */
class LlmPatienceIT {
    @TempDir
    Path folder;

    @Test
    void a_model_that_loads_for_longer_than_an_agent_may_be_silent_is_waited_for() {
        CountDownLatch givenUp = new CountDownLatch(1);
        try (LlmGateway llm = LlmGateway.start(folder, "llm.first_timeout=30m", "ws.idle_timeout=2h")) {
            llm.model().then(ModelReplies.stall(givenUp));
            WsClient chat = llm.chat();
            say(chat, "Hello?");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !llm.model().asked().isEmpty());

            llm.time().advance(Duration.ofMinutes(29));
            // Longer than two looks at the clock, the chat's and the model's.
            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> !chat.hasMessage() && givenUp.getCount() == 1);

            llm.time().advance(Duration.ofMinutes(1));
            assertThat(chat.next("error").path("message").asText()).contains("within 30m (llm.first_timeout)");
        }
    }
}
