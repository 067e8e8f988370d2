package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The dashboard's session: an operator token in a cookie that no script can read and no other site can make a browser
 * send. Its name has the port in it, because browsers keep cookies by host alone.
 */
public final class SessionCookie {
    /**
     * What the dashboard sends with each call. A form or image of another site cannot set it, so that a call that
     * changes something and is let in by the cookie must have it.
     */
    public static final String HEADER = "X-Fairlead";

    private static final String NAME = "fairlead_session";

    private final boolean secure;

    SessionCookie(Settings.Http http) {
        this.secure = http.tls() || http.behindTlsProxy();
    }

    /** Whether a request says that it comes from the dashboard. */
    public static boolean isFromDashboard(HttpServerRequest request) {
        return request.headers().contains(HEADER);
    }

    /** The token of the request's session; empty where it has none. */
    Optional<String> tokenOf(HttpServerRequest request) {
        return Optional.ofNullable(request.getCookie(name(request)))
                .map(Cookie::getValue)
                .filter(token -> !token.isEmpty());
    }

    /** The header that begins a session. */
    public String begin(HttpServerRequest request, String token, Duration life) {
        return cookie(request, token, life.toSeconds());
    }

    /** The header that ends one. */
    public String end(HttpServerRequest request) {
        return cookie(request, "", 0);
    }

    private String cookie(HttpServerRequest request, String value, long maxAgeSeconds) {
        return Cookie.cookie(name(request), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.STRICT)
                .setMaxAge(maxAgeSeconds)
                .encode();
    }

    private static String name(HttpServerRequest request) {
        return request.authority() == null || request.authority().port() < 0
                ? NAME
                : NAME + "_" + request.authority().port();
    }
}
