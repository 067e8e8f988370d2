package dev.fairlead.gateway.edge.access;

import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * How a request came in.
 *
 * @param address the gateway's own end of the connection, in digits
 * @param port of that end
 * @param scheme that the client used, {@code http} or {@code https}
 */
record Arrival(String address, int port, String scheme) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    static Arrival of(HttpServerRequest request, Transport transport) {
        return Optional.ofNullable(request.localAddress())
                .map(own -> new Arrival(
                        Optional.ofNullable(own.hostAddress()).orElse(""), own.port(), transport.scheme(request)))
                .orElseGet(() -> new Arrival("", 0, transport.scheme(request)));
    }

    /** The port that an address of this scheme leaves out. */
    int standardPort() {
        return scheme.equals("https") ? HTTPS : HTTP;
    }
}
