package dev.fairlead.gateway.upstream.tastytrade;

import dev.fairlead.gateway.upstream.UpstreamCredentials;
import java.net.URI;
import java.util.Optional;

/** Where tastytrade's calls go: what is known to one of its environments fails on the other. */
final class TastytradeAddress {
    private static final String LIVE = "https://api.tastyworks.com";
    private static final String SANDBOX = "https://api.cert.tastyworks.com";

    private TastytradeAddress() {}

    /**
     * The address of a call.
     *
     * @param baseUrl in place of tastytrade's own for the environment of the credentials
     * @param pathAndQuery from its slash on
     */
    static URI of(UpstreamCredentials.Tastytrade credentials, Optional<URI> baseUrl, String pathAndQuery) {
        String base = baseUrl.map(URI::toString).orElse(credentials.sandbox() ? SANDBOX : LIVE);
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + pathAndQuery);
    }
}
