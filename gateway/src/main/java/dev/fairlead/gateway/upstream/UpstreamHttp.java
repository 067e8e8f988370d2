package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.Version;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** HTTP calls to an upstream: named as ours, bounded in time and in size, never retried. */
public final class UpstreamHttp {
    /** Without a name like this tastytrade refuses every call. */
    public static final String USER_AGENT = "fairlead/" + Version.current();

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);
    private static final int MOST_BODY_BYTES = 1 << 20;

    private final HttpClient client;

    public UpstreamHttp(Vertx vertx) {
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) TIMEOUT.toMillis())
                .setDecompressionSupported(false)
                .setMaxHeaderSize(16 * 1024));
    }

    /**
     * Posts {@code body}.
     *
     * @return the answer, whatever its status; fails with {@link Unreachable} where there is none within 10 s or it is
     *     too large
     */
    public Future<UpstreamAnswer> post(URI uri, String contentType, Map<String, String> headers, Buffer body) {
        return send(HttpMethod.POST, uri, contentType, headers, body);
    }

    /** As {@link #post}, with another method. */
    public Future<UpstreamAnswer> send(
            HttpMethod method, URI uri, String contentType, Map<String, String> headers, Buffer body) {
        return call(uri, options(method, uri, headers).putHeader("Content-Type", contentType), body);
    }

    /** As {@link #post}, without a body. */
    public Future<UpstreamAnswer> get(URI uri, Map<String, String> headers) {
        return call(uri, options(HttpMethod.GET, uri, headers), Buffer.buffer());
    }

    public Future<Void> close() {
        return client.close();
    }

    private static RequestOptions options(HttpMethod method, URI uri, Map<String, String> headers) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setAbsoluteURI(uri.toString())
                .setTimeout(TIMEOUT.toMillis())
                .putHeader("User-Agent", USER_AGENT)
                .putHeader("Accept", "application/json");
        headers.forEach(options::putHeader);
        return options;
    }

    private Future<UpstreamAnswer> call(URI uri, RequestOptions options, Buffer body) {
        return client.request(options)
                .compose(request -> exchange(request, body))
                .timeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(Unreachable.of(uri, failure)));
    }

    private static Future<UpstreamAnswer> exchange(HttpClientRequest request, Buffer body) {
        return (body.length() == 0 ? request.send() : request.send(body)).compose(response -> body(response)
                .map(whole -> new UpstreamAnswer(
                        response.statusCode(),
                        Optional.ofNullable(response.getHeader("Content-Type")).orElse(""),
                        retryAfter(response),
                        whole)));
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(part -> {
                    if (body.length() + part.length() > MOST_BODY_BYTES) {
                        whole.tryFail("the answer is larger than " + MOST_BODY_BYTES + " bytes");
                        response.request().reset();
                    } else {
                        body.appendBuffer(part);
                    }
                })
                .exceptionHandler(whole::tryFail)
                .endHandler(ended -> whole.tryComplete(body));
        return whole.future();
    }

    private static Optional<Duration> retryAfter(HttpClientResponse response) {
        String header = response.getHeader("Retry-After");
        if (header == null || !header.matches("\\d{1,9}")) {
            return Optional.empty();
        }
        Duration asked = Duration.ofSeconds(Long.parseLong(header));
        return Optional.of(asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER);
    }
}
