package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
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
    private static final byte[] CHUNK = "{\"type\":\"chunk\",\"content\":\"".getBytes(StandardCharsets.US_ASCII);

    /** As it is sent: the number stands last. */
    byte[] encoded() {
        // Nearly all frames are pieces of an answer: they are written without a mapper.
        if (n > 0 && frame instanceof ChatFrame.Chunk chunk && isOfOneUnit(chunk.content())) {
            byte[] content = JsonStringEncoder.getInstance().quoteAsUTF8(chunk.content());
            byte[] end = ("\",\"n\":" + n + "}").getBytes(StandardCharsets.US_ASCII);
            byte[] whole = Arrays.copyOf(CHUNK, CHUNK.length + content.length + end.length);
            System.arraycopy(content, 0, whole, CHUNK.length, content.length);
            System.arraycopy(end, 0, whole, CHUNK.length + content.length, end.length);
            return whole;
        }
        byte[] bare = FrameCodec.encode(frame);
        if (n == 0) {
            return bare;
        }
        byte[] number = (",\"n\":" + n + "}").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(bare, bare.length - 1 + number.length);
        System.arraycopy(number, 0, whole, bare.length - 1, number.length);
        return whole;
    }

    /** Whether each character is one {@code char}: others may be halves that a model has cut. */
    private static boolean isOfOneUnit(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
