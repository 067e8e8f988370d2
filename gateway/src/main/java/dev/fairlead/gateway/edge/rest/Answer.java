package dev.fairlead.gateway.edge.rest;

import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a REST call answers.
 *
 * @param contentType of the body; empty for none
 * @param headers besides those of every answer
 * @param cookies each the value of a {@code Set-Cookie}
 * @param source of a body that is sent piece by piece, in place of {@code body}
 */
public record Answer(
        int status,
        String contentType,
        Buffer body,
        Map<String, String> headers,
        List<String> cookies,
        Optional<Source> source) {
    private static final String JSON = "application/json";

    /** A body in pieces; the next one is asked for when the client has taken the last. */
    @FunctionalInterface
    public interface Source {
        /** The next piece, an empty one at the end; none where there is nothing yet, and it is asked for again. */
        Future<Optional<Buffer>> next();

        /** No more is asked for: all was sent, or whoever asked is gone. May be said more than once. */
        default void close() {}
    }

    /** With a body at hand. */
    public Answer(int status, String contentType, Buffer body) {
        this(status, contentType, body, Map.of(), List.of(), Optional.empty());
    }

    /** 200 with {@code body} as JSON. */
    public static Answer ok(Object body) {
        return json(200, body);
    }

    public static Answer json(int status, Object body) {
        return new Answer(status, JSON, Buffer.buffer(FrameCodec.encode(body)));
    }

    /** 204. */
    public static Answer nothing() {
        return new Answer(204, "", Buffer.buffer());
    }

    /** The same with one more cookie. */
    Answer withCookie(String cookie) {
        List<String> more = new ArrayList<>(cookies);
        more.add(cookie);
        return new Answer(status, contentType, body, headers, List.copyOf(more), source);
    }

    /** The same with one more header. */
    Answer withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Answer(status, contentType, body, Map.copyOf(more), cookies, source);
    }

    /** 200 with text as it is. */
    public static Answer text(String contentType, String body) {
        return new Answer(200, contentType, Buffer.buffer(body));
    }

    /** 200 with a body of any size, in pieces. */
    public static Answer streamed(String contentType, Map<String, String> headers, Source source) {
        return new Answer(200, contentType, Buffer.buffer(), headers, List.of(), Optional.of(source));
    }
}
