package dev.fairlead.gateway.faces.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The text of a {@code chunk} frame as the chat has encoded it. Nearly all frames are these: a tree of each would cost
 * more than all else that is done with it.
 *
 * @param json the same as it stands in the frame, quotes included
 */
record ChunkText(String text, String json) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final byte[] BEFORE = "{\"type\":\"chunk\",\"content\":\"".getBytes(StandardCharsets.US_ASCII);

    /** Whether a frame is a {@code chunk} as the chat encodes it, and so none that ends a turn. */
    static boolean isText(byte[] bytes, int offset, int length) {
        return length >= BEFORE.length
                && Arrays.equals(bytes, offset, offset + BEFORE.length, BEFORE, 0, BEFORE.length);
    }

    /** That of a frame; empty where it is another, or is put in other words. */
    static Optional<ChunkText> of(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int start = offset + BEFORE.length;
        if (!isText(bytes, offset, length)) {
            return Optional.empty();
        }
        boolean escaped = false;
        int at = start;
        while (at < end && bytes[at] != '"') {
            if (bytes[at] == '\\') {
                escaped = true;
                at++;
            }
            at++;
        }
        if (at >= end) {
            return Optional.empty();
        }
        String json = new String(bytes, start - 1, at - start + 2, StandardCharsets.UTF_8);
        if (!escaped) {
            return Optional.of(new ChunkText(json.substring(1, json.length() - 1), json));
        }
        return Optional.of(new ChunkText(unescaped(json), json));
    }

    private static String unescaped(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return parser.nextTextValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
