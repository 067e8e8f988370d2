package dev.fairlead.gateway.upstream.kraken;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said on Kraken's private socket, on a clock that tests move. */
class KrakenDialogueTest {
    private final ManualTime time = new ManualTime();
    private final List<JsonNode> sent = new ArrayList<>();
    private final List<String> ended = new ArrayList<>();
    private final KrakenDialogue dialogue = new KrakenDialogue(time, text -> sent.add(FrameCodec.tree(text)));

    private void heard(String json) {
        dialogue.heard(FrameCodec.tree(json));
    }

    private Future<JsonNode> addOrder() {
        return dialogue.ask("add_order", FrameCodec.object().put("cl_ord_id", "c-1"));
    }

    @Test
    void a_connection_number_beyond_a_long_is_understood() {
        assertThat(dialogue.isReady()).isFalse();
        heard("{\"channel\":\"status\",\"type\":\"update\",\"data\":[{\"connection_id\":13834774380200032777}]}");
        assertThat(dialogue.isReady()).isTrue();
        assertThat(dialogue.whenReady().result()).isEqualTo("13834774380200032777");
    }

    @Test
    void answers_find_their_requests_in_any_order() {
        Future<JsonNode> first = addOrder();
        Future<JsonNode> second = dialogue.ask("subscribe", FrameCodec.object());
        heard("{\"method\":\"subscribe\",\"req_id\":" + sent.get(1).get("req_id")
                + ",\"success\":false,\"error\":\"ESession:Invalid session\"}");
        heard("{\"method\":\"add_order\",\"req_id\":" + sent.get(0).get("req_id")
                + ",\"success\":true,\"result\":{\"order_id\":\"O\"}}");

        assertThat(first.result().get("order_id").asText()).isEqualTo("O");
        assertThat(second.cause()).isInstanceOf(KrakenDialogue.Refused.class).hasMessageContaining("Invalid session");
    }

    @Test
    void news_of_an_order_answers_the_request_that_placed_it() {
        Future<JsonNode> placed = addOrder();
        heard("{\"channel\":\"executions\",\"type\":\"update\",\"data\":[{\"cl_ord_id\":\"other\"},"
                + "{\"cl_ord_id\":\"c-1\",\"order_id\":\"O\"}]}");
        assertThat(placed.result().get("order_id").asText()).isEqualTo("O");
    }

    @Test
    void silence_is_asked_about_and_then_ends_it() {
        heard("{\"channel\":\"status\",\"data\":[{\"connection_id\":1}]}");
        time.advance(Duration.ofSeconds(6));
        assertThat(dialogue.tick()).isEmpty();
        assertThat(dialogue.tick()).isEmpty();
        assertThat(sent)
                .singleElement()
                .satisfies(frame -> assertThat(frame.get("method").asText()).isEqualTo("ping"));
        time.advance(Duration.ofSeconds(8));
        heard("{\"method\":\"pong\",\"req_id\":1}");
        time.advance(Duration.ofSeconds(6));
        assertThat(dialogue.tick()).isEmpty();
        time.advance(Duration.ofSeconds(11));
        assertThat(dialogue.tick()).get().asString().contains("silent");
    }

    @Test
    void a_connection_that_nobody_looked_at_for_long_is_asked_first() {
        heard("{\"channel\":\"status\",\"data\":[{\"connection_id\":1}]}");
        time.advance(Duration.ofMinutes(12));
        assertThat(dialogue.tick()).isEmpty();
        assertThat(sent).hasSize(1);
        heard("{\"method\":\"pong\",\"req_id\":1}");
        assertThat(dialogue.tick()).isEmpty();
    }

    @Test
    void no_greeting_and_no_answer_are_not_waited_for_for_ever() {
        time.advance(Duration.ofSeconds(11));
        assertThat(dialogue.tick()).get().asString().contains("greeting");
        heard("{\"channel\":\"status\",\"data\":[{\"connection_id\":1}]}");
        Future<JsonNode> asked = addOrder();
        time.advance(Duration.ofSeconds(11));
        assertThat(dialogue.tick()).isEmpty();
        assertThat(asked.cause()).hasMessageContaining("no answer");
    }

    @Test
    void the_end_leaves_nothing_waiting_and_sends_nothing_more() {
        dialogue.onEnd(ended::add);
        Future<JsonNode> asked = addOrder();
        dialogue.end("cut");
        dialogue.end("again");

        assertThat(asked.cause()).hasMessageContaining("cut").isNotInstanceOf(KrakenDialogue.NotSent.class);
        assertThat(addOrder().cause()).isInstanceOf(KrakenDialogue.NotSent.class);
        assertThat(ended).containsExactly("cut");
        assertThat(sent).hasSize(1);
    }
}
