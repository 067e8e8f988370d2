package dev.fairlead.gateway;

import static dev.fairlead.gateway.LlmGateway.say;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.llm.ModelReplies;
import dev.fairlead.gateway.testing.ChatTranscript;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever comes back to a chat with the last number it saw gets the rest, once. */
class ChatReplayIT {
    private static final int CUTS = Integer.getInteger("cuts", 40);

    @TempDir
    Path folder;

    private final String session = UUID.randomUUID().toString();
    private LlmGateway llm;

    @BeforeEach
    void start() {
        llm = LlmGateway.start(folder, "shutdown.grace=100ms");
    }

    @AfterEach
    void close() {
        llm.close();
    }

    @Test
    void a_viewer_that_is_cut_off_at_random_has_what_one_that_stays_has() {
        long seed = Long.getLong("seed", 14);
        Random random = new Random(seed);
        WsClient asks = llm.chat(session);
        WsClient stays = llm.chat(session);
        ChatTranscript whole = new ChatTranscript();
        ChatTranscript cut = new ChatTranscript();
        int cuts = 0;
        for (int turn = 0; cuts < CUTS; turn++) {
            llm.model()
                    .then(ModelReplies.calls("start_instance", "{\"name\":\"nobody-" + turn + "\"}"))
                    .then(ModelReplies.text("Some words, ", "piece ", "by piece, ", "of turn " + turn + "."));
            say(asks, "Turn " + turn);
            int ended = cut.ends();
            while (cut.ends() == ended) {
                try (WsClient viewer = llm.connect("/ws/chat?session_id=" + session + "&after=" + cut.last())) {
                    viewer.next("session_start");
                    for (int i = random.nextInt(3); i >= 0 && cut.ends() == ended; i--) {
                        JsonNode frame = viewer.next();
                        cut.hear(frame);
                        if (frame.path("approval").asText().equals("required")) {
                            String answer = random.nextBoolean() ? "approve" : "deny";
                            viewer.send("{\"type\":\"" + answer + "\",\"id\":\""
                                    + frame.path("id").asText() + "\"}");
                        }
                    }
                }
                cuts++;
            }
            while (whole.ends() == ended) {
                whole.hear(stays.next());
            }
            assertThat(cut.kept()).as("seed %d, turn %d", seed, turn).isEqualTo(whole.kept());
        }

        assertThat(seen(llm.connect("/ws/chat?session_id=" + session + "&after=0"), whole.ends()))
                .isEqualTo(whole.kept());
        llm.restart();
        assertThat(seen(llm.connect("/ws/chat?session_id=" + session + "&after=0"), whole.ends()))
                .isEqualTo(whole.kept());
        assertThat(entries()).isEqualTo(whole.kept());
        WsClient after = llm.chat(session);
        llm.model().then(ModelReplies.text("And on."));
        say(after, "And now?");
        assertThat(after.next("chunk").path("n").asLong()).isGreaterThan(whole.last());
        after.next("done");
    }

    @Test
    void a_number_that_is_none_is_refused_before_the_upgrade() {
        assertThat(WsClient.refusal(llm.gateway().ws("/ws/chat?session_id=" + session + "&after=x")))
                .isEqualTo(400);
    }

    private List<String> entries() {
        ChatTranscript all = new ChatTranscript();
        JsonNode page;
        do {
            page = llm.gateway()
                    .get("/api/sessions/" + session + "/entries?after=" + all.last())
                    .body();
            page.path("entries").forEach(all::hear);
        } while (page.path("more").asBoolean());
        return all.kept();
    }

    private static List<String> seen(WsClient viewer, int turns) {
        ChatTranscript transcript = new ChatTranscript();
        while (transcript.ends() < turns) {
            transcript.hear(viewer.next());
        }
        return transcript.kept();
    }
}
