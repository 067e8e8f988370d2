package dev.fairlead.gateway.edge.rest;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A document that names an address, for whoever asked under another. Anybody may ask, as often as they like: what is to
 * be changed is looked for once, an answer is no more than a copy. Safe on any thread.
 */
final class AddressedDocument {
    private final byte[] written;
    private final Pattern places;
    private volatile List<Part> parts = List.of();

    /**
     * A document as it is written.
     *
     * @param written in UTF-8; a start has better to do than to decode it, the first who asks has it read
     * @param places what differs by who asks
     */
    AddressedDocument(byte[] written, Pattern places) {
        this.written = written;
        this.places = places;
    }

    /**
     * A piece of it.
     *
     * @param text in UTF-8
     * @param place whether it is one of those that differ
     */
    private record Part(Buffer text, boolean place) {}

    /** As it is written. */
    Buffer asWritten() {
        return Buffer.buffer(written);
    }

    /** With what is to stand in each of the places. */
    Buffer with(Function<String, String> replacement) {
        Buffer whole = Buffer.buffer(written.length + written.length / 16);
        for (Part part : parts()) {
            if (part.place()) {
                whole.appendString(replacement.apply(part.text().toString()));
            } else {
                whole.appendBuffer(part.text());
            }
        }
        return whole;
    }

    private List<Part> parts() {
        if (parts.isEmpty()) {
            parts = split(new String(written, StandardCharsets.UTF_8));
        }
        return parts;
    }

    private List<Part> split(String text) {
        List<Part> made = new ArrayList<>();
        Matcher place = places.matcher(text);
        int from = 0;
        while (place.find()) {
            made.add(new Part(Buffer.buffer(text.substring(from, place.start())), false));
            made.add(new Part(Buffer.buffer(place.group()), true));
            from = place.end();
        }
        made.add(new Part(Buffer.buffer(text.substring(from)), false));
        return List.copyOf(made);
    }
}
