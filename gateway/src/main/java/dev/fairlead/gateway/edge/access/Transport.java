package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.settings.LoopbackHost;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.http.HttpServerRequest;

/** Whether a request came encrypted, by this gateway's own TLS or that of the proxy in front. */
public final class Transport {
    private static final String PROTO = "X-Forwarded-Proto";
    /** A year: what browsers' own lists ask for. */
    private static final String STRICT = "max-age=31536000";

    private final Settings.Http http;

    public Transport(Settings.Http http) {
        this.http = http;
    }

    /** The scheme that the client used. */
    String scheme(HttpServerRequest request) {
        return isEncrypted(request) ? "https" : "http";
    }

    private boolean isEncrypted(HttpServerRequest request) {
        return http.tls() || (http.behindTlsProxy() && !"http".equalsIgnoreCase(request.getHeader(PROTO)));
    }

    /**
     * Refuses to take a password that somebody on the way could have read.
     *
     * @throws FairleadException {@code forbidden}, with what mends it
     */
    public void requireSafe(HttpServerRequest request) {
        boolean ownMachine = Gatekeeper.isLoopback(Gatekeeper.peerOf(request))
                && ProxyHeaders.first(request.headers()).isEmpty();
        if (isEncrypted(request) || ownMachine) {
            return;
        }
        throw new FairleadException(
                ErrorCode.FORBIDDEN,
                "A login goes over TLS, or from this very machine: "
                        + ("https".equalsIgnoreCase(request.getHeader(PROTO))
                                ? "the proxy in front says that it speaks TLS, so set http.behind_tls_proxy=true"
                                : "let the proxy in front speak TLS and set http.behind_tls_proxy=true, or set"
                                        + " http.tls_cert and http.tls_key"));
    }

    /** Tells a browser to stay with TLS for this host; not for {@code localhost}, whose other ports are others'. */
    public void announce(HttpServerRequest request) {
        if (isEncrypted(request)
                && request.authority() != null
                && !LoopbackHost.matches(request.authority().host())) {
            request.response().putHeader("Strict-Transport-Security", STRICT);
        }
    }
}
