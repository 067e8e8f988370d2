package dev.fairlead.gateway.traces;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/** Where a collector is told to send what it has collected: OTLP over HTTP, read field by field. */
public final class Spans implements AutoCloseable {
    private final HttpServer server;
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();

    /** One of them, as it came. */
    public record Span(String trace, String id, String parent, String name, Map<String, String> attributes) {}

    public Spans() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            InputStream body = exchange.getRequestBody();
            bodies.add((zipped ? new GZIPInputStream(body) : body).readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** All bytes that came, as text in which words can be looked for. */
    public String raw() {
        StringBuilder all = new StringBuilder();
        bodies.forEach(body -> all.append(new String(body, StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    /** Those of a trace. */
    public List<Span> of(String trace) {
        List<Span> found = new ArrayList<>();
        bodies.forEach(body -> fields(
                body,
                (request, resources) -> fields(resources, (resource, scopes) -> {
                    if (resource == 2) {
                        fields(scopes, (scope, span) -> {
                            if (scope == 2) {
                                found.add(span(span));
                            }
                        });
                    }
                })));
        return found.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private static Span span(byte[] bytes) {
        Map<Integer, byte[]> one = new HashMap<>();
        Map<String, String> attributes = new HashMap<>();
        fields(bytes, (number, value) -> {
            if (number == 9) {
                Map<Integer, byte[]> pair = new HashMap<>();
                fields(value, pair::put);
                fields(pair.get(2), (kind, said) -> attributes.put(text(pair.get(1)), text(said)));
            } else {
                one.put(number, value);
            }
        });
        HexFormat hex = HexFormat.of();
        return new Span(
                hex.formatHex(one.get(1)),
                hex.formatHex(one.get(2)),
                hex.formatHex(one.getOrDefault(4, new byte[0])),
                text(one.get(5)),
                attributes);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Of a message of Protocol Buffers those fields that have bytes, and numbers as their text. */
    private static void fields(byte[] message, BiConsumer<Integer, byte[]> field) {
        ByteBuffer in = ByteBuffer.wrap(message);
        while (in.hasRemaining()) {
            long tag = varint(in);
            byte[] value;
            switch ((int) (tag & 7)) {
                case 0 -> value = Long.toString(varint(in)).getBytes(StandardCharsets.UTF_8);
                case 1 -> value = new byte[8];
                case 5 -> value = new byte[4];
                default -> value = new byte[(int) varint(in)];
            }
            if ((tag & 7) != 0) {
                in.get(value);
            }
            field.accept((int) (tag >>> 3), value);
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
