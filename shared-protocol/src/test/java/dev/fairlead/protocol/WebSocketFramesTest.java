package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 300_000})
    void another_implementation_reads_the_frame(int length) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) 'x');
        EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(false, false, 1 << 20));
        channel.writeInbound(Unpooled.wrappedBuffer(WebSocketFrames.textFrame(payload)));
        TextWebSocketFrame frame = channel.readInbound();
        ByteBuf content = frame.content();
        assertThat(frame.isFinalFragment()).isTrue();
        assertThat(frame.rsv()).isZero();
        assertThat(content.readableBytes()).isEqualTo(length);
        content.release();
        assertThat(channel.finish()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 124, 125, 65_534, 65_535})
    void parts_are_framed_as_the_whole_they_come_to(int rest) {
        byte[] tail = "x".repeat(rest).getBytes(StandardCharsets.US_ASCII);
        byte[] whole = ("1" + "x".repeat(rest) + "3").getBytes(StandardCharsets.US_ASCII);
        assertThat(WebSocketFrames.textFrame(new byte[] {'1', '2'}, 1, tail, new byte[] {'3'}))
                .isEqualTo(WebSocketFrames.textFrame(whole));
    }
}
