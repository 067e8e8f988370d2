package dev.fairlead.gateway.faces.acp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcpPeerTest {
    private final List<String> written = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final List<AcpPeer.Answer> answers = new ArrayList<>();
    private final List<AcpPeer.Reply> open = new ArrayList<>();
    private final AcpPeer peer = new AcpPeer(
            new AcpPeer.Handler() {
                @Override
                public boolean asked(String method, JsonNode params, AcpPeer.Reply reply) {
                    open.add(reply);
                    return !method.startsWith("_");
                }

                @Override
                public void told(String method, JsonNode params) {
                    heard.add(method);
                }
            },
            line -> written.add(new String(line, StandardCharsets.UTF_8)));

    @Test
    void questions_are_numbered_from_0_and_answers_find_theirs() {
        peer.ask("a", FrameCodec.object(), answers::add);
        peer.ask("b", FrameCodec.object(), answers::add);
        assertThat(written)
                .containsExactly(
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"a\",\"params\":{}}\n",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"b\",\"params\":{}}\n");
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"x\":2}}");
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":0,\"error\":{\"code\":-32000,\"message\":\"login\"}}");
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
        assertThat(answers)
                .containsExactly(
                        new AcpPeer.Answer.Result(FrameCodec.tree("{\"x\":2}")),
                        new AcpPeer.Answer.Refused(Optional.of(-32_000), "login"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "\"0\"", "12345678901", "\"a-b\""})
    void an_id_is_echoed_as_it_came(String id) {
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"m\",\"params\":{}}");
        open.get(0).result(FrameCodec.object());
        open.get(0).refuse(1, "only the first counts");
        assertThat(written).containsExactly("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{}}\n");
    }

    @Test
    void an_unknown_question_is_refused_and_unknown_news_are_passed_over() {
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"_vendor/x\"}");
        peer.heard("{\"jsonrpc\":\"2.0\",\"method\":\"_auth/status_update\",\"params\":{}}");
        assertThat(written).hasSize(1).first().asString().contains("\"code\":-32601");
        assertThat(heard).containsExactly("_auth/status_update");
    }

    @Test
    void an_answer_under_the_id_of_another_type_is_nobodys() {
        peer.ask("a", FrameCodec.object(), answers::add);
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":\"0\",\"result\":{}}");
        peer.heard("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"}}");
        assertThat(answers).isEmpty();
    }

    @Test
    void all_that_waits_fails_when_the_other_end_is_gone() {
        peer.ask("a", FrameCodec.object(), answers::add);
        peer.gone("it ended");
        assertThat(answers).containsExactly(new AcpPeer.Answer.Refused(Optional.empty(), "it ended"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "7", "{", "{} {}", "{\"id\":{},\"method\":\"m\"}", "{\"id\":1}", "Warning: x"})
    void what_is_no_message_is_none(String line) {
        assertThat(peer.heard(line)).isFalse();
        assertThat(written).isEmpty();
    }

    @Test
    void a_key_twice_is_taken_where_its_values_are_equal_and_not_where_they_differ() {
        assertThat(peer.heard("{\"method\":\"m\",\"params\":{\"type\":\"a\",\"type\":\"a\"}}"))
                .isTrue();
        assertThat(peer.heard("{\"method\":\"m\",\"params\":{\"type\":\"a\",\"type\":\"b\"}}"))
                .isFalse();
    }

    @Test
    void more_than_so_many_questions_are_refused_until_some_are_answered() {
        for (int i = 0; i <= AcpPeer.MOST_OPEN; i++) {
            peer.heard("{\"id\":" + i + ",\"method\":\"m\"}");
        }
        assertThat(written).hasSize(1).first().asString().contains("\"id\":" + AcpPeer.MOST_OPEN);
        open.get(0).result(FrameCodec.object());
        peer.heard("{\"id\":9999,\"method\":\"m\"}");
        assertThat(written).hasSize(2);
    }

    @Test
    void a_line_without_end_is_read_up_to_a_bound() {
        List<String> lines = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        byte[] endless = new byte[LineReader.MOST_BYTES + 10];
        endless[1] = '\n';
        new LineReader(new ByteArrayInputStream(endless), lines::add, ends::add).run();
        assertThat(lines).hasSize(1);
        assertThat(ends).containsExactly("it wrote a line longer than " + LineReader.MOST_BYTES + " bytes");
    }
}
