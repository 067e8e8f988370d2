package dev.fairlead.gateway.edge.page;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Serves the dashboard at the root and at each of its deep links; what is none of it goes on to whoever is next.
 *
 * <p>Nothing is inline: the page runs what comes from this gateway's own files and speaks with this gateway alone.
 */
public final class PageHandler implements Handler<RoutingContext> {
    private static final Map<String, String> HEADERS = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "X-Frame-Options", "DENY",
            "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                            + "require-trusted-types-for 'script'; trusted-types 'none'",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Vary", "Accept-Encoding");

    /** What is below these is none of the page's, even where a browser asks for it. */
    private static final List<String> OTHERS = List.of("/api", "/ws", "/metrics", "/mcp", "/assets");

    private final PageFiles files;

    public PageHandler(PageFiles files) {
        this.files = files;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpMethod method = request.method();
        Optional<PageFile> file =
                method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) ? find(request) : Optional.empty();
        if (file.isPresent()) {
            answer(request, file.get());
        } else {
            context.next();
        }
    }

    private Optional<PageFile> find(HttpServerRequest request) {
        String path = request.path() == null ? "" : request.path();
        if (path.equals("/")) {
            return files.page();
        }
        return files.file(path.substring(Math.min(1, path.length())))
                .or(() -> isDeepLink(path, request) ? files.page() : Optional.empty());
    }

    /** A browser that opens a page asks for HTML; a program that lost its way does not. */
    private static boolean isDeepLink(String path, HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT);
        return accepted != null
                && accepted.contains("text/html")
                && OTHERS.stream().noneMatch(other -> path.equals(other) || path.startsWith(other + "/"));
    }

    private static void answer(HttpServerRequest request, PageFile file) {
        boolean zipped = takesGzip(request);
        String tag = '"' + file.tag() + (zipped ? "-gzip" : "") + '"';
        HttpServerResponse response = request.response();
        HEADERS.forEach(response::putHeader);
        response.putHeader(HttpHeaders.ETAG, tag)
                .putHeader(
                        HttpHeaders.CACHE_CONTROL,
                        file.immutable() ? "public, max-age=31536000, immutable" : "no-cache");
        Future<Void> unused;
        if (isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH), tag)) {
            unused = response.setStatusCode(304).end();
            return;
        }
        var body = zipped ? file.gzipped() : file.bytes();
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.contentType())
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        if (zipped) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        unused = request.method().equals(HttpMethod.HEAD) ? response.end() : response.end(body);
    }

    private static boolean isKnown(String ifNoneMatch, String tag) {
        return ifNoneMatch != null
                && List.of(ifNoneMatch.replace("W/", "").split("\\s*,\\s*")).contains(tag);
    }

    private static boolean takesGzip(HttpServerRequest request) {
        String accepted = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (accepted == null) {
            return false;
        }
        for (String coding : accepted.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = coding.trim().split("\\s*;\\s*", 2);
            if (parts[0].equals("gzip")) {
                return parts.length == 1 || !parts[1].matches("q=0(\\.0*)?");
            }
        }
        return false;
    }
}
