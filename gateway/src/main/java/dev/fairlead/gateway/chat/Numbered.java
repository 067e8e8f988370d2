package dev.fairlead.gateway.chat;

import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A frame of a turn.
 *
 * @param n its number, which rises within the session; 0 where it has none
 */
record Numbered(long n, ChatFrame frame) {
    /** As it is sent: the number stands last. */
    byte[] encoded() {
        byte[] bare = FrameCodec.encode(frame);
        if (n == 0) {
            return bare;
        }
        byte[] number = (",\"n\":" + n + "}").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(bare, bare.length - 1 + number.length);
        System.arraycopy(number, 0, whole, bare.length - 1, number.length);
        return whole;
    }
}
