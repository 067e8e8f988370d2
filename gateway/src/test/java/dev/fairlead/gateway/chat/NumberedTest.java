package dev.fairlead.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberedTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello, world",
                "\"quoted\" and \\ and /",
                "lines\r\n\tand \u0000 \u0001 \u001f \u007f",
                "Grüße, \u20ac, \u65e5\u672c, \u2028 \u2029 \ufeff",
                "\ud83d\ude00 whole",
                "half \ud83d",
                "\ude00 other half"
            })
    void a_piece_is_written_as_any_other_frame_is(String content) {
        ChatFrame piece = new ChatFrame.Chunk(content);
        String bare = FrameCodec.text(piece);
        assertThat(new String(new Numbered(7, piece).encoded(), StandardCharsets.UTF_8))
                .isEqualTo(bare.substring(0, bare.length() - 1) + ",\"n\":7}");
        assertThat(new String(new Numbered(0, piece).encoded(), StandardCharsets.UTF_8))
                .isEqualTo(bare);
    }
}
