package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.SplittableRandom;

/**
 * A language model as far as a benchmark needs one: an OpenAI-compatible endpoint that is asked, in the last message,
 * for {@code COUNT} pieces, {@code PERIOD} milliseconds apart, and says in each when it was sent. It waits before it
 * begins, as models do.
 */
final class ModelServerVerticle extends VerticleBase {
    /** What a piece begins with, before the nanoseconds of the monotonic clock and a space. */
    static final String MARK = "\"t=";

    /** Until the questions of all who ask one after the other are through. */
    private static final int THINKING_MILLIS = 2_500;

    private static final String BEFORE =
            "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
                    + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":";
    private static final String AFTER = " some words \"},\"finish_reason\":null}]}\n\n";
    private static final Buffer END = Buffer.buffer("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
            + "\"created\":1,\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: [DONE]\n\n");

    private final TimeSource time;
    private final SplittableRandom random = new SplittableRandom(7);
    private HttpServer server;

    ModelServerVerticle(TimeSource time) {
        this.time = time;
    }

    @Override
    public Future<?> start() {
        server = vertx.createHttpServer().requestHandler(this::asked);
        return server.listen(0, "127.0.0.1");
    }

    int port() {
        return server.actualPort();
    }

    private void asked(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            JsonNode messages = FrameCodec.tree(body.getBytes()).path("messages");
            String[] wanted =
                    messages.path(messages.size() - 1).path("content").asText().split(" ", -1);
            int period = Integer.parseInt(wanted[1]);
            HttpServerResponse response = request.response()
                    .putHeader("Content-Type", "text/event-stream")
                    .setChunked(true);
            Speech speech = new Speech(response, Integer.parseInt(wanted[0]));
            int begin = THINKING_MILLIS + random.nextInt(period); // not all in the same millisecond
            speech.timer = vertx.setPeriodic(begin, period, id -> speech.say());
            response.exceptionHandler(gone -> vertx.cancelTimer(speech.timer));
        });
    }

    private final class Speech {
        private final HttpServerResponse response;
        private int left;
        private long timer;

        Speech(HttpServerResponse response, int left) {
            this.response = response;
            this.left = left;
        }

        void say() {
            if (left-- > 0) {
                response.write(BEFORE + MARK + time.nanos() + AFTER);
            } else {
                vertx.cancelTimer(timer);
                response.end(END);
            }
        }
    }
}
