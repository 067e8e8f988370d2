package dev.fairlead.gateway.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A server that takes what is posted to it, and refuses it at the paths that are down. */
public final class HttpReceiver implements AutoCloseable {
    public record Post(String path, Map<String, String> headers, String body) {}

    private final HttpServer server;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private final Set<String> down = ConcurrentHashMap.newKeySet();

    public HttpReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    public List<Post> at(String path) {
        return posts.stream().filter(post -> post.path().equals(path)).toList();
    }

    public long refused(String path) {
        return refused.stream().filter(path::equals).count();
    }

    public void down(String path) {
        down.add(path);
    }

    public void up(String path) {
        down.remove(path);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (down.contains(path)) {
                refused.add(path);
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            posts.add(new Post(
                    path,
                    exchange.getRequestHeaders().entrySet().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue()
                                    .get(0))),
                    body));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
