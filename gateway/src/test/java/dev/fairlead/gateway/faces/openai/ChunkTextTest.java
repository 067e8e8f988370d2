package dev.fairlead.gateway.faces.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkTextTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain words",
                "a \"quoted\" one",
                "ends with a backslash \\",
                "\\\"",
                "two\nlines\tand \u0001",
                "grüße, 漢字, \uD83D\uDE80",
                "looks like the end\",\"n\":1}"
            })
    void a_piece_is_read_as_the_chat_encodes_it(String text) {
        String frame = new String(FrameCodec.encode(new ChatFrame.Chunk(text)), StandardCharsets.UTF_8);
        String numbered = frame.substring(0, frame.length() - 1) + ",\"n\":12}";
        for (String one : new String[] {frame, numbered}) {
            assertThat(read("before" + one + "after", 6, one.getBytes(StandardCharsets.UTF_8).length))
                    .contains(new ChunkText(text, FrameCodec.text(TextNode.valueOf(text))));
        }
    }

    @Test
    void another_frame_is_none() {
        for (String frame : new String[] {
            "",
            "{}",
            "{\"type\":\"chunk\",\"content\":\"",
            "{\"type\":\"chunk\",\"content\":\"cut",
            "{\"type\":\"chunk_reset\"}",
            "{\"type\":\"thinking\",\"content\":\"x\"}",
            "{\"type\":\"chunk\",\"content\":\"x\\"
        }) {
            assertThat(read(frame, 0, frame.length())).as(frame).isEmpty();
        }
    }

    private static Optional<ChunkText> read(String text, int offset, int length) {
        return ChunkText.of(text.getBytes(StandardCharsets.UTF_8), offset, length);
    }
}
