package dev.fairlead.gateway.upstream.kraken;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;

/**
 * Kraken's private calls with one key: one at a time, whoever on this node asks, since nonces must arrive in the order
 * they were made. Thread-safe; answers come on the context of the caller.
 */
public final class KrakenRest {
    private static final String BASE = "https://api.kraken.com";
    static final String INVALID_NONCE = "EAPI:Invalid nonce";

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private record Call(String path, String form, Context caller, Promise<UpstreamAnswer> answered) {}

    private final Vertx vertx;
    private final UpstreamHttp http;
    private final TimeSource time;
    private final String base;
    private final Secret key;
    private final Secret secret;
    private final Deque<Call> waiting = new ArrayDeque<>();
    private boolean calling;
    private long lastNonce;

    /**
     * With these credentials.
     *
     * @param baseUrl in place of Kraken's own
     */
    public KrakenRest(
            Vertx vertx,
            UpstreamHttp http,
            TimeSource time,
            UpstreamCredentials.Kraken credentials,
            Optional<URI> baseUrl) {
        this.vertx = vertx;
        this.http = http;
        this.time = time;
        this.key = credentials.apiKey();
        this.secret = credentials.apiSecret();
        String given = baseUrl.map(URI::toString).orElse(BASE);
        this.base = given.endsWith("/") ? given.substring(0, given.length() - 1) : given;
    }

    /**
     * Makes one call when those before it have ended. A refused nonce is followed by one more try with a higher one:
     * another program may share the key.
     *
     * @param form fields besides the nonce, encoded; empty for none
     * @return the answer, whatever it is; fails where there is none
     */
    public Future<UpstreamAnswer> call(String path, String form) {
        Call call = new Call(path, form, vertx.getOrCreateContext(), Promise.promise());
        synchronized (this) {
            waiting.add(call);
        }
        next();
        return call.answered().future();
    }

    private void next() {
        Call call;
        synchronized (this) {
            if (calling || waiting.isEmpty()) {
                return;
            }
            calling = true;
            call = waiting.remove();
        }
        once(call)
                .compose(answer -> error(answer).filter(INVALID_NONCE::equals).isPresent()
                        ? once(call)
                        : Future.succeededFuture(answer))
                .onComplete(done -> {
                    synchronized (this) {
                        calling = false;
                    }
                    call.caller().runOnContext(turn -> {
                        if (done.succeeded()) {
                            call.answered().complete(done.result());
                        } else {
                            call.answered().fail(done.cause());
                        }
                    });
                    next();
                });
    }

    private Future<UpstreamAnswer> once(Call call) {
        String nonce = Long.toUnsignedString(nextNonce());
        String body = "nonce=" + nonce + (call.form().isEmpty() ? "" : "&" + call.form());
        Map<String, String> headers = Map.of(
                "API-Key", key.reveal(), "API-Sign", KrakenSignature.of(secret.reveal(), call.path(), nonce, body));
        return http.post(
                URI.create(base + call.path()), "application/x-www-form-urlencoded", headers, Buffer.buffer(body));
    }

    /**
     * Nanoseconds of the wall clock, the finest unit that programs count in, and more than the last one whatever that
     * clock does.
     */
    private synchronized long nextNonce() {
        Instant now = time.instant();
        lastNonce = Math.max(lastNonce + 1, now.getEpochSecond() * NANOS_PER_SECOND + now.getNano());
        return lastNonce;
    }

    /** What an error means, and what mends it. */
    static String explained(String error) {
        return error.startsWith(INVALID_NONCE)
                ? "Kraken refuses the nonce (" + INVALID_NONCE + "): KRAKEN_API_KEY is used by another program as well,"
                        + " whose nonces are higher; make a key for Fairlead alone"
                : RefusalText.of(error);
    }

    /** What Kraken refuses with; its refusals have status 200. */
    static Optional<String> error(UpstreamAnswer answer) {
        return Optional.of(answer.json().path("error").path(0).asText()).filter(text -> !text.isEmpty());
    }
}
