package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What is said on one private socket of Kraken's: requests and their answers by {@code req_id}, news of orders, and
 * silence. On injected time, without the socket. Used on one event loop.
 */
final class KrakenDialogue {
    /** Kraken says something every second; after so much silence it is asked. */
    private static final Duration PING_AFTER = Duration.ofSeconds(5);

    /** From the ping: a gateway that itself stood still for long asks before it gives a good connection up. */
    private static final Duration PONG_WITHIN = Duration.ofSeconds(10);

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** More than orders wait at once. */
    private static final int MOST_WAITING = 1000;

    /** Kraken said no: what was asked for has not happened. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** Nothing was sent. */
    static final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSent(String message) {
            super(message, null, false, false);
        }
    }

    private record Waiting(long since, Optional<String> clientId, Promise<JsonNode> answer) {}

    private final TimeSource time;
    private final Consumer<String> out;
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final Promise<String> ready = Promise.promise();
    private final long openedAt;
    private Consumer<String> onEnd = why -> {};
    private Runnable onExecution = () -> {};
    private long heardAt;
    private OptionalLong pingedAt = OptionalLong.empty();
    private boolean ended;
    private long lastRequest;

    /** @param out sends a frame */
    KrakenDialogue(TimeSource time, Consumer<String> out) {
        this.time = time;
        this.out = out;
        this.openedAt = time.nanos();
        this.heardAt = openedAt;
    }

    void onEnd(Consumer<String> told) {
        onEnd = told;
    }

    /** Told of each frame with news of orders. */
    void onExecution(Runnable told) {
        onExecution = told;
    }

    /** The number of the connection once Kraken has greeted: a whole number beyond those a {@code long} holds. */
    Future<String> whenReady() {
        return ready.future();
    }

    boolean isReady() {
        return ready.future().succeeded() && !ended;
    }

    /** Asks; fails with {@link Refused} or {@link NotSent}, or, where no answer came, with something else. */
    Future<JsonNode> ask(String method, ObjectNode params) {
        if (ended || waiting.size() >= MOST_WAITING) {
            return Future.failedFuture(new NotSent(ended ? "the connection is gone" : "too much waits for an answer"));
        }
        long request = ++lastRequest;
        Promise<JsonNode> answer = Promise.promise();
        Optional<String> clientId =
                Optional.of(params.path("cl_ord_id").asText()).filter(id -> !id.isEmpty());
        waiting.put(request, new Waiting(time.nanos(), clientId, answer));
        ObjectNode frame = FrameCodec.object().put("method", method);
        frame.set("params", params);
        send(frame.put("req_id", request));
        return answer.future();
    }

    void heard(JsonNode frame) {
        heardAt = time.nanos();
        pingedAt = OptionalLong.empty();
        switch (frame.path("channel").asText()) {
            case "status" -> {
                // A number, and larger than a long: its text is all anybody needs of it.
                ready.tryComplete(frame.at("/data/0/connection_id").asText());
            }
            case "executions" -> {
                frame.path("data").forEach(this::execution);
                onExecution.run();
            }
            default -> answered(frame);
        }
    }

    /** Lets time have its effect; the reason where the connection is to be given up. */
    Optional<String> tick() {
        long now = time.nanos();
        if (!ready.future().isComplete() && now - openedAt > ANSWER_WITHIN.toNanos()) {
            return Optional.of("no greeting within " + ANSWER_WITHIN.toSeconds() + " s");
        }
        if (pingedAt.isPresent() && now - pingedAt.getAsLong() > PONG_WITHIN.toNanos()) {
            return Optional.of("silent for " + Duration.ofNanos(now - heardAt).toSeconds() + " s");
        }
        if (now - heardAt > PING_AFTER.toNanos() && pingedAt.isEmpty()) {
            pingedAt = OptionalLong.of(now);
            send(FrameCodec.object().put("method", "ping").put("req_id", ++lastRequest));
        }
        for (Map.Entry<Long, Waiting> one : List.copyOf(waiting.entrySet())) {
            if (now - one.getValue().since() > ANSWER_WITHIN.toNanos()) {
                waiting.remove(one.getKey());
                one.getValue().answer().tryFail("no answer within " + ANSWER_WITHIN.toSeconds() + " s");
            }
        }
        return Optional.empty();
    }

    /** The connection is over; all that waits fails. */
    void end(String why) {
        if (ended) {
            return;
        }
        ended = true;
        ready.tryFail(why);
        List<Waiting> left = List.copyOf(waiting.values());
        waiting.clear();
        left.forEach(one -> one.answer().tryFail("the connection was lost: " + why));
        onEnd.accept(why);
    }

    private void answered(JsonNode frame) {
        Waiting asked = waiting.remove(frame.path("req_id").asLong());
        if (asked == null) {
            return; // a heartbeat, a pong, or an answer nobody waits for any more
        }
        if (frame.path("success").asBoolean()) {
            asked.answer().tryComplete(frame.path("result"));
        } else {
            asked.answer()
                    .tryFail(new Refused(RefusalText.of(frame.path("error").asText())));
        }
    }

    /** News of an order answers the request that placed it, should the answer itself be lost. */
    private void execution(JsonNode news) {
        String clientId = news.path("cl_ord_id").asText();
        for (Map.Entry<Long, Waiting> one : List.copyOf(waiting.entrySet())) {
            if (!clientId.isEmpty()
                    && one.getValue().clientId().filter(clientId::equals).isPresent()) {
                waiting.remove(one.getKey());
                one.getValue().answer().tryComplete(news);
            }
        }
    }

    private void send(ObjectNode frame) {
        out.accept(FrameCodec.text(frame));
    }
}
