package dev.fairlead.gateway.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BusTest {
    record Ask(String what, Optional<Instant> when) implements Request<Told> {}

    record Change() implements Request<Told> {
        @Override
        public FairleadException late() {
            return new FairleadException(ErrorCode.OUTCOME_UNKNOWN, "It may have happened");
        }
    }

    record Told(String what, Duration age, Optional<String> note) {}

    sealed interface News extends Event {
        record Rise(int by) implements News {}

        record Fall(int by) implements News {}
    }

    private Vertx vertx;
    private Bus bus;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        bus = Bus.install(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void a_request_reaches_its_owner_and_brings_the_answer_back() throws Exception {
        bus.answer(Ask.class, ask -> Future.succeededFuture(told(ask.what())));

        assertThat(await(bus.request(new Ask("x", Optional.empty())))).isEqualTo(told("x"));
    }

    @Test
    void a_place_narrows_a_request_to_one_consumer() throws Exception {
        bus.answerAt("left", Ask.class, ask -> Future.succeededFuture(told("left")));
        bus.answerAt("right", Ask.class, ask -> Future.succeededFuture(told("right")));

        assertThat(await(bus.requestAt("right", new Ask("", Optional.empty()))).what())
                .isEqualTo("right");
    }

    @Test
    void a_refusal_travels_with_its_code_text_and_delay() {
        bus.answer(Ask.class, ask -> {
            throw new FairleadException(ErrorCode.BUSY, "Full", Duration.ofSeconds(3));
        });

        assertThatThrownBy(() -> await(bus.request(new Ask("", Optional.empty()))))
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
                    assertThat(refusal.getMessage()).isEqualTo("Full");
                    assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(3));
                });
    }

    @Test
    void a_handler_that_throws_still_answers_and_tells_no_details() {
        bus.answer(Ask.class, ask -> {
            throw new IllegalStateException("secret detail");
        });

        assertThatThrownBy(() -> await(bus.request(new Ask("", Optional.empty()))))
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.INTERNAL);
                    assertThat(refusal.getMessage()).doesNotContain("secret");
                });
    }

    @Test
    void nobody_there_is_told_as_starting_or_stopping() {
        assertThatThrownBy(() -> await(bus.request(new Ask("", Optional.empty()))))
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.SHUTTING_DOWN));
    }

    @Test
    void what_a_late_answer_means_is_said_by_what_was_asked() {
        bus.answer(Change.class, change -> Promise.<Told>promise().future());

        assertThatThrownBy(() -> await(bus.request(new Change(), Duration.ofMillis(50))))
                .cause()
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.OUTCOME_UNKNOWN));
    }

    @Test
    void a_family_of_events_arrives_in_order_although_a_subscriber_throws() throws Exception {
        List<News> heard = new ArrayList<>();
        CompletableFuture<Void> all = new CompletableFuture<>();
        bus.subscribe(News.class, news -> {
            heard.add(news);
            if (heard.size() == 3) {
                all.complete(null);
            }
            throw new IllegalStateException("a subscriber's bug");
        });
        bus.publish(News.class, new News.Rise(1));
        bus.publish(News.class, new News.Fall(2));
        bus.publish(News.class, new News.Rise(3));

        all.get(5, TimeUnit.SECONDS);
        assertThat(heard).containsExactly(new News.Rise(1), new News.Fall(2), new News.Rise(3));
    }

    @Test
    void records_survive_the_wire_between_nodes() {
        RecordCodec codec = new RecordCodec();
        Record[] messages = {
            new Ask("ä\"\n", Optional.of(Instant.parse("2026-02-20T01:23:45.123456789Z"))),
            new Told("", Duration.ofNanos(1), Optional.empty()),
            new News.Fall(7)
        };
        for (Record message : messages) {
            Buffer wire = Buffer.buffer("xx");
            codec.encodeToWire(wire, message);
            assertThat(codec.decodeFromWire(2, wire)).isEqualTo(message);
        }
    }

    @Test
    void a_class_of_somebody_else_is_never_loaded_from_the_wire() {
        byte[] name = "java.lang.ProcessBuilder".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Buffer wire = Buffer.buffer()
                .appendUnsignedShort(name.length)
                .appendBytes(name)
                .appendInt(2)
                .appendString("{}");

        assertThatThrownBy(() -> new RecordCodec().decodeFromWire(0, wire)).hasMessageContaining("ProcessBuilder");
    }

    @Test
    void refusals_survive_the_wire_between_nodes() {
        BusFailureCodec codec = new BusFailureCodec();
        Buffer wire = Buffer.buffer();
        codec.encodeToWire(wire, new BusFailure(ErrorCode.STALE_LEASE, "zu spät", 1500));

        FairleadException refusal = codec.decodeFromWire(0, wire).toException();
        assertThat(refusal.code()).isEqualTo(ErrorCode.STALE_LEASE);
        assertThat(refusal.getMessage()).isEqualTo("zu spät");
        assertThat(refusal.retryAfter()).contains(Duration.ofMillis(1500));
    }

    private static Told told(String what) {
        return new Told(what, Duration.ZERO, Optional.empty());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
}
