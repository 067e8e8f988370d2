package dev.fairlead.gateway.cli;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an agent connects. What it is given is the gateway's address, as all commands are, below whatever path it lies,
 * or that of the socket itself.
 *
 * @param url of the socket, as the client takes it
 * @param gateway its address, {@code http} or {@code https}, without the socket's path
 */
record AgentAddress(String url, URI gateway) {
    private static final Pattern SOCKET = Pattern.compile("/ws(/agent)?$");

    /**
     * What an address stands for.
     *
     * @throws IllegalArgumentException where it is none
     */
    static AgentAddress at(String given) {
        URI uri = withOneAddress(URI.create(given));
        String path = Optional.ofNullable(uri.getRawPath()).orElse("").replaceFirst("/+$", "");
        boolean socket = SOCKET.matcher(path).find();
        String url = socket || path.isEmpty() || uri.getRawQuery() != null
                ? uri.toString()
                : uri.resolve(path + "/ws/agent").toString();
        boolean tls = "wss".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        String base = SOCKET.matcher(path).replaceFirst("");
        return new AgentAddress(url, URI.create((tls ? "https" : "http") + "://" + uri.getRawAuthority() + base));
    }

    /** What proved itself is what is spoken to, and not another of those that {@code localhost} stands for. */
    private static URI withOneAddress(URI uri) {
        boolean plain = "ws".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        return plain && "localhost".equalsIgnoreCase(uri.getHost())
                ? URI.create(uri.toString().replaceFirst("(?i)localhost", "127.0.0.1"))
                : uri;
    }
}
