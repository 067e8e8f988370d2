package dev.fairlead.gateway.chat.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The form of a stream's pieces of text: nearly all chunks of an answer differ in the one text alone. What differs from
 * one that was parsed in nothing but that has its text read where it stands. Plain state.
 */
final class PieceForm {
    private static final byte[] CONTENT = "\"content\":".getBytes(StandardCharsets.US_ASCII);

    /** How often a form is looked for that none follows: some servers have something new in each chunk. */
    private static final int MOST_TRIES = 16;

    private byte[] before = {}; // up to the text, its quote included; empty where there is none yet
    private byte[] after = {}; // from the text's last quote on
    private int tries;

    /** The text of a chunk of the known form; empty where it is another, or its text has escapes. */
    Optional<String> text(byte[] json) {
        int begin = before.length;
        int end = json.length - after.length;
        if (begin == 0
                || end < begin
                || !Arrays.equals(json, 0, begin, before, 0, begin)
                || !Arrays.equals(json, end, json.length, after, 0, after.length)
                || !isPlain(json, begin, end)) {
            return Optional.empty();
        }
        String text = new String(json, begin, end - begin, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) { // it may be no UTF-8
            return Optional.empty();
        }
        tries = 0;
        return Optional.of(text);
    }

    /** Takes note of the form of a chunk that was parsed, where it has nothing but a text. */
    void learn(byte[] json, JsonNode chunk) {
        if (tries >= MOST_TRIES || !isPiece(chunk)) {
            return;
        }
        int name = indexOf(json, CONTENT, 0);
        if (name < 0 || indexOf(json, CONTENT, name + 1) >= 0) {
            return;
        }
        int begin = name + CONTENT.length;
        while (begin < json.length && json[begin] != '"') {
            begin++;
        }
        begin++;
        int end = begin;
        while (end < json.length && json[end] != '"') {
            end++;
        }
        if (end < json.length && isPlain(json, begin, end)) {
            tries++;
            before = Arrays.copyOfRange(json, 0, begin);
            after = Arrays.copyOfRange(json, end, json.length);
        }
    }

    /** One choice with a text and nothing else that is read. */
    private static boolean isPiece(JsonNode chunk) {
        JsonNode choices = chunk.path("choices");
        JsonNode delta = choices.path(0).path("delta");
        return choices.size() == 1
                && choices.path(0).path("index").asInt() == 0
                && !choices.path(0).hasNonNull("finish_reason")
                && !chunk.hasNonNull("usage")
                && delta.size() == 1
                && delta.path("content").isTextual();
    }

    private static boolean isPlain(byte[] json, int begin, int end) {
        for (int i = begin; i < end; i++) {
            byte b = json[i];
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from) {
        for (int at = from; at <= bytes.length - wanted.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
