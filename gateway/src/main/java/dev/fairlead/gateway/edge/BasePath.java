package dev.fairlead.gateway.edge;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/**
 * Takes {@code http.base_path} off a request, where a proxy passes it on: what is behind knows the gateway's own paths
 * alone. One that takes it off itself is as good.
 */
final class BasePath extends HttpServerRequestWrapper {
    private final int length;

    private BasePath(HttpServerRequestInternal request, int length) {
        super(request);
        this.length = length;
    }

    static HttpServerRequest strip(HttpServerRequest request, String base) {
        String path = request.path();
        boolean below = !base.equals("/") && path != null && (path.equals(base) || path.startsWith(base + "/"));
        return below ? new BasePath((HttpServerRequestInternal) request, base.length()) : request;
    }

    @Override
    public String path() {
        String rest = super.path().substring(length);
        return rest.isEmpty() ? "/" : rest;
    }

    @Override
    public String uri() {
        String uri = super.uri();
        // Of an absolute URI only the path is ours to change, and nothing asks for more than that.
        if (!uri.startsWith("/")) {
            return uri;
        }
        String rest = uri.substring(length);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
