package dev.fairlead.gateway.chat.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PieceFormTest {
    private final PieceForm form = new PieceForm();

    @ParameterizedTest
    @ValueSource(strings = {"", " again", "Grüße, 日本", "'; {}[],:", "a \uD83D\uDE00"})
    void a_piece_that_differs_in_its_text_alone_is_read_where_it_stands(String text) {
        learn(piece("Hello"));
        assertThat(form.text(bytes(piece(text)))).contains(text);
        assertThat(form.text(bytes(piece("Hello")))).contains("Hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"b\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":null}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"x\",\"z\":\"\"},\"finish_reason\":null}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\n\"},\"finish_reason\":null}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\n\"},\"finish_reason\":null}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\\"},\"finish_reason\":null}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":null},\"finish_reason\":null}]}",
                "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"",
                "\"},\"finish_reason\":null}]}",
                "{}"
            })
    void all_else_is_parsed(String json) {
        learn(piece("Hello"));
        assertThat(form.text(bytes(json))).isEmpty();
    }

    @Test
    void what_is_no_utf8_is_parsed() {
        learn(piece("Hello"));
        byte[] broken = bytes(piece("x?y"));
        broken[piece("x?y").indexOf('?')] = (byte) 0xFF;
        assertThat(form.text(broken)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\",\"reasoning_content\":\"y\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\",\"tool_calls\":[]}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}",
                "{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\"}},{\"index\":1,\"delta\":{\"content\":\"x\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":[{\"text\":\"x\"}]}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"content\":\"x\"}",
                "{\"choices\":[{\"delta\":{\"content\":\"x\\\\y\"}}]}"
            })
    void what_has_more_than_a_text_is_no_form(String json) {
        learn(json);
        assertThat(form.text(bytes(json))).isEmpty();
    }

    private void learn(String json) {
        form.learn(bytes(json), FrameCodec.tree(json));
    }

    private static String piece(String text) {
        return "{\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text
                + "\"},\"finish_reason\":null}]}";
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
