package dev.fairlead.gateway.edge.access;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The headers by which a proxy says that a request is not its own. Pure. */
final class ProxyHeaders {
    private static final Set<String> NAMES =
            Set.of("forwarded", "x-real-ip", "via", "cf-connecting-ip", "true-client-ip");
    private static final String FAMILY = "x-forwarded-";

    private ProxyHeaders() {}

    /** One that the request has, in lower case; empty where it came straight from its client. */
    static Optional<String> first(MultiMap headers) {
        return headers.names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> NAMES.contains(name) || name.startsWith(FAMILY))
                .findFirst();
    }
}
