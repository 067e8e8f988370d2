package dev.fairlead.gateway.edge.access;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * What a request brings to prove who it is from. The first non-empty of header, sub-protocol and query counts, the same
 * for REST and every upgrade.
 */
public final class Credentials {
    private static final String BEARER = "bearer ";
    private static final String BEARER_PROTOCOL = "bearer.";

    private Credentials() {}

    /** Where in the request a credential stood. */
    public enum Source {
        HEADER,
        SUB_PROTOCOL,
        QUERY
    }

    /** A token or password, and where it stood. Its text does not show in {@link #toString}. */
    public record Credential(String text, Source source) {
        @Override
        public String toString() {
            return "Credential[" + source + "]";
        }
    }

    /** The token, of whichever kind; empty where the request brings none. */
    public static Optional<Credential> of(HttpServerRequest request) {
        return fromHeader(request.headers())
                .map(token -> new Credential(token, Source.HEADER))
                .or(() -> fromSubProtocol(request.headers(), BEARER_PROTOCOL)
                        .map(token -> new Credential(token, Source.SUB_PROTOCOL)))
                .or(() -> Optional.ofNullable(request.getParam("token"))
                        .filter(token -> !token.isEmpty())
                        .map(token -> new Credential(token, Source.QUERY)));
    }

    private static Optional<String> fromHeader(MultiMap headers) {
        String authorization = headers.get(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        return Optional.of(authorization.substring(BEARER.length()).trim()).filter(token -> !token.isEmpty());
    }

    /** What stands behind {@code prefix} in the first sub-protocol offered that begins so. */
    static Optional<String> fromSubProtocol(MultiMap headers, String prefix) {
        for (String header : headers.getAll("Sec-WebSocket-Protocol")) {
            for (String protocol : header.split(",", -1)) {
                String offered = protocol.trim();
                if (offered.startsWith(prefix) && offered.length() > prefix.length()) {
                    return Optional.of(offered.substring(prefix.length()));
                }
            }
        }
        return Optional.empty();
    }
}
