package dev.fairlead.gateway.upstream.kraken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.gateway.upstream.TokenGrant;
import dev.fairlead.gateway.upstream.TokenRefusal;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The token call against a server that answers when and as the test says. */
class KrakenTokensTest {
    private static final String GRANTED = "{\"error\":[],\"result\":{\"token\":\"t0ken\",\"expires\":900}}";

    /** A call that waits for its answer. */
    private record Received(HttpServerRequest request, String body) {
        long nonce() {
            return Long.parseLong(body.replaceFirst("^nonce=(\\d+).*", "$1"));
        }

        void answer(String json) {
            Future<Void> unused = request.response().end(json);
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final ManualTime time = new ManualTime();
    private final BlockingQueue<Received> calls = new LinkedBlockingQueue<>();
    private KrakenTokens tokens;

    @BeforeEach
    void serve() throws Exception {
        HttpServer server = await(vertx.createHttpServer()
                .requestHandler(
                        request -> request.body().onSuccess(body -> calls.add(new Received(request, body.toString()))))
                .listen(0, "127.0.0.1"));
        UpstreamCredentials.Kraken credentials =
                new UpstreamCredentials.Kraken(Secret.of("key"), Secret.of("c2VjcmV0"));
        tokens = new KrakenTokens(new KrakenRest(
                vertx,
                new UpstreamHttp(vertx),
                time,
                credentials,
                Optional.of(URI.create("http://127.0.0.1:" + server.actualPort() + "/"))));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    private Received call() throws InterruptedException {
        return Optional.ofNullable(calls.poll(20, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("No call came"));
    }

    private Future<TokenGrant> fetch() {
        Promise<TokenGrant> fetched = Promise.promise();
        vertx.runOnContext(turn -> tokens.fetch().onComplete(fetched));
        return fetched.future();
    }

    @Test
    void one_call_is_made_at_a_time_and_every_nonce_is_higher_even_when_the_clock_stands_or_goes_back()
            throws Exception {
        List<Future<TokenGrant>> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(fetch());
        }
        long last = 0;
        for (int i = 0; i < 5; i++) {
            Received call = call();
            assertThat(calls).isEmpty();
            assertThat(call.nonce()).isGreaterThan(last);
            assertThat(Long.toString(call.nonce())).hasSameSizeAs("1767225600000000000"); // nanoseconds
            last = call.nonce();
            time.shiftWallClock(Duration.ofHours(-1));
            call.answer(GRANTED);
        }
        for (Future<TokenGrant> one : asked) {
            assertThat(await(one).life()).contains(Duration.ofMinutes(15));
        }
    }

    @Test
    void a_refused_nonce_is_followed_by_one_more_call_with_a_higher_one() throws Exception {
        Future<TokenGrant> granted = fetch();
        Received first = call();
        first.answer("{\"error\":[\"EAPI:Invalid nonce\"]}");
        Received second = call();
        assertThat(second.nonce()).isGreaterThan(first.nonce());
        second.answer(GRANTED);
        assertThat(await(granted).token()).isEqualTo(Secret.of("t0ken"));

        Future<TokenGrant> refused = fetch();
        call().answer("{\"error\":[\"EAPI:Invalid nonce\"]}");
        call().answer("{\"error\":[\"EAPI:Invalid nonce\"]}");
        assertThatThrownBy(() -> await(refused))
                .isInstanceOfSatisfying(TokenRefusal.class, refusal -> assertThat(refusal.isTerminal())
                        .isFalse())
                .hasMessageContaining("used by another program")
                .hasMessageContaining("make a key for Fairlead alone");
        assertThat(calls).isEmpty();
    }

    @Test
    void refusals_pass_or_are_for_good_as_kraken_says() throws Exception {
        for (String passing : List.of("EAPI:Rate limit exceeded", "EService:Unavailable", "EService:Throttled: 17")) {
            assertThat(refusal(passing).isTerminal()).as(passing).isFalse();
        }
        for (String terminal : List.of(
                "EAPI:Invalid key",
                "EAPI:Invalid signature",
                "EGeneral:Permission denied",
                "EGeneral:Temporary lockout")) {
            assertThat(refusal(terminal).isTerminal()).as(terminal).isTrue();
        }
    }

    private TokenRefusal refusal(String error) throws Exception {
        Future<TokenGrant> asked = fetch();
        call().answer("{\"error\":[\"" + error + "\"]}");
        try {
            await(asked);
            throw new AssertionError("Granted in spite of " + error);
        } catch (TokenRefusal refused) {
            return refused;
        }
    }
}
