package dev.fairlead.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamedAnswersTest {
    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void pieces_follow_each_other_and_what_is_not_there_yet_is_asked_for_again() throws Exception {
        ArrayDeque<Optional<Buffer>> pieces = new ArrayDeque<>(List.of(
                Optional.empty(),
                Optional.of(Buffer.buffer("one ")),
                Optional.empty(),
                Optional.of(Buffer.buffer("two")),
                Optional.of(Buffer.buffer())));
        HttpServer server = serve(() -> Future.succeededFuture(pieces.remove()));

        assertThat(await(ask(server).compose(HttpClientResponse::body)).toString())
                .isEqualTo("one two");
    }

    @Test
    void the_source_of_a_client_that_has_left_is_closed_and_asked_no_more() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Promise<Void> left = Promise.promise();
        AtomicReference<Promise<Optional<Buffer>>> pending = new AtomicReference<>();
        Promise<Void> begun = Promise.promise();
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            answers().send(Principal.ANYONE, request.response(), new Answer.Source() {
                @Override
                public Future<Optional<Buffer>> next() {
                    asked.incrementAndGet();
                    pending.set(Promise.promise());
                    begun.tryComplete();
                    return pending.get().future();
                }

                @Override
                public void close() {
                    left.tryComplete();
                }
            });
        });
        await(server.listen(0, "127.0.0.1"));
        HttpClientRequest request = await(request(server));
        Future<Void> sent = request.end();
        await(sent);
        await(begun.future());
        await(request.connection().close());
        await(left.future());

        pending.get().complete(Optional.empty());

        await(Future.future(done -> vertx.runOnContext(turn -> done.complete())));
        assertThat(asked).hasValue(1);
    }

    private StreamedAnswers answers() {
        return new StreamedAnswers(new VertxScheduler(vertx), TimeSource.system());
    }

    private HttpServer serve(Answer.Source source) throws Exception {
        return await(vertx.createHttpServer()
                .requestHandler(request -> answers().send(Principal.ANYONE, request.response(), source))
                .listen(0, "127.0.0.1"));
    }

    private Future<HttpClientRequest> request(HttpServer server) {
        return vertx.createHttpClient().request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/");
    }

    private Future<HttpClientResponse> ask(HttpServer server) {
        return request(server).compose(HttpClientRequest::send);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
