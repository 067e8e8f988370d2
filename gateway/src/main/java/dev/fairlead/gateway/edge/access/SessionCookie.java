package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * The dashboard's session as requests carry it, in two halves. The handle is in a cookie that no script can read and no
 * other site can make a browser send; its name has the port in it, because browsers keep cookies by host alone and send
 * them to every port of it. So there is the key: the page's scripts send it with each call, and it is kept where no
 * other port can read it.
 */
public final class SessionCookie {
    /** With which the page sends the key; what is in it before there is one does not matter. */
    public static final String HEADER = "X-Fairlead";

    /** Before the key, where it comes as a sub-protocol: a browser's WebSocket can set no header. */
    private static final String PROTOCOL = "session.";

    private static final String NAME = "fairlead_session";
    private static final String DEVICE = "fairlead_device";

    /** How long a browser is known again; browsers keep no cookie for longer than 400 days. */
    private static final Duration DEVICE_LIFE = Duration.ofDays(400);

    private final boolean secure;

    SessionCookie(Settings.Http http) {
        this.secure = http.tls() || http.behindTlsProxy();
    }

    /** The two halves of a session; neither shows in {@link #toString}. */
    record Halves(String handle, String key) {
        @Override
        public String toString() {
            return "Halves[********]";
        }
    }

    /** Whether a request says that it comes from the dashboard. */
    public static boolean isFromDashboard(HttpServerRequest request) {
        return request.headers().contains(HEADER);
    }

    /** Both halves of the request's session; empty where one is missing. */
    Optional<Halves> of(HttpServerRequest request) {
        return cookie(request, NAME).flatMap(handle -> keyOf(request).map(key -> new Halves(handle, key)));
    }

    /** What tells a browser or command line that was let in before from all others; empty where it is none. */
    public Optional<String> deviceOf(HttpServerRequest request) {
        return cookie(request, DEVICE);
    }

    /** What its cookie is called at the address of a request: cookies know no ports. */
    public String nameAt(HttpServerRequest request) {
        return name(request, NAME);
    }

    /** The header that begins a session. */
    public String begin(HttpServerRequest request, String handle, Duration life) {
        return encode(request, NAME, handle, life);
    }

    /** The header that ends one. */
    public String end(HttpServerRequest request) {
        return encode(request, NAME, "", Duration.ZERO);
    }

    /** The header that makes who logged in known again. */
    public String device(HttpServerRequest request, String mark) {
        return encode(request, DEVICE, mark, DEVICE_LIFE);
    }

    private static Optional<String> keyOf(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HEADER))
                .filter(key -> !key.isEmpty())
                .or(() -> Credentials.fromSubProtocol(request.headers(), PROTOCOL));
    }

    private Optional<String> cookie(HttpServerRequest request, String base) {
        return Optional.ofNullable(request.getCookie(name(request, base)))
                .map(Cookie::getValue)
                .filter(value -> !value.isEmpty());
    }

    private String encode(HttpServerRequest request, String base, String value, Duration life) {
        return Cookie.cookie(name(request, base), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.STRICT)
                .setMaxAge(life.toSeconds())
                .encode();
    }

    /** With the prefix that keeps other hosts of the domain, and plain HTTP, from setting it. */
    private String name(HttpServerRequest request, String base) {
        String name = request.authority() == null || request.authority().port() < 0
                ? base
                : base + "_" + request.authority().port();
        return secure ? "__Host-" + name : name;
    }
}
