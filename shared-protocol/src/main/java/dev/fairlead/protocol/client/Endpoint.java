package dev.fairlead.protocol.client;

import io.vertx.core.http.WebSocketConnectOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a client connects: {@code ws://host:port/path?query}, or {@code wss}; {@code http} and {@code https} mean the
 * same.
 */
record Endpoint(String host, int port, boolean ssl, String path, String query) {

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException that says what is wrong with it, without repeating it: a token may be in it
     */
    static Endpoint parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Not a URL; give one like ws://localhost:18800/ws/agent");
        }
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        boolean ssl = scheme.equals("wss") || scheme.equals("https");
        if (uri.getHost() == null || !(ssl || scheme.equals("ws") || scheme.equals("http"))) {
            throw new IllegalArgumentException(
                    "The URL needs ws:// or wss:// and a host, like ws://localhost:18800/ws/agent");
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException("Give the token as a token, not within the URL");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : ssl ? 443 : 80;
        String path =
                Optional.ofNullable(uri.getRawPath()).filter(p -> !p.isEmpty()).orElse("/");
        return new Endpoint(
                uri.getHost(),
                port,
                ssl,
                path,
                Optional.ofNullable(uri.getRawQuery()).orElse(""));
    }

    /** The same host with another path. */
    Endpoint at(String otherPath) {
        return new Endpoint(host, port, ssl, otherPath, query);
    }

    /** The same with one query parameter set, whatever it was before. */
    Endpoint with(String parameter, String value) {
        Stream<String> others = Arrays.stream(query.split("&", -1))
                .filter(part -> !part.isEmpty() && !part.equals(parameter) && !part.startsWith(parameter + "="));
        String set = parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
        return new Endpoint(
                host, port, ssl, path, Stream.concat(others, Stream.of(set)).collect(Collectors.joining("&")));
    }

    /** One attempt, with the token in a header, where no log of a proxy shows it. */
    WebSocketConnectOptions attempt(Optional<String> token, Duration timeout) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(host)
                .setPort(port)
                .setSsl(ssl)
                .setURI(query.isEmpty() ? path : path + "?" + query)
                .setAllowOriginHeader(false);
        options.setTimeout(timeout.toMillis());
        options.setConnectTimeout(timeout.toMillis());
        token.ifPresent(secret -> options.addHeader("Authorization", "Bearer " + secret));
        return options;
    }

    /** Without the query, which may hold a token. */
    @Override
    public String toString() {
        return (ssl ? "wss://" : "ws://") + host + ":" + port + path;
    }
}
