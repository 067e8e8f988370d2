package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.chat.llm.ModelFailure.Kind;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** One request and what comes back, watched by the clock. */
final class Exchange {
    private static final int MOST_ERROR_BYTES = 64 * 1024;
    private static final Duration WATCH = Duration.ofMillis(250);

    /** How long the end of a body may take after all has been said: some servers forget it. */
    private static final Duration TAIL = Duration.ofSeconds(2);

    private final HttpClient client;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final ModelLimits limits;
    private final ProviderErrors errors;
    private final CompletionReader reader;
    private final Promise<Completion> result = Promise.promise();
    private final long began;
    private long heard;
    private boolean answering;
    private boolean ended;
    private Optional<HttpClientRequest> request = Optional.empty();
    private Optional<AnswerBody> body = Optional.empty();
    private Scheduler.Cancellable watch = () -> {};

    Exchange(
            HttpClient client,
            Scheduler scheduler,
            TimeSource time,
            ModelLimits limits,
            ProviderErrors errors,
            CompletionReader reader) {
        this.client = client;
        this.scheduler = scheduler;
        this.time = time;
        this.limits = limits;
        this.errors = errors;
        this.reader = reader;
        this.began = time.nanos();
        this.heard = began;
    }

    /** Sends it; the result fails with a {@link ModelFailure}, and with nothing else. */
    Future<Completion> start(RequestOptions options, Buffer body) {
        watch = scheduler.every(watchEvery(), this::look);
        client.request(options).onComplete(done -> {
            if (done.failed()) {
                fail(unreachable(done.cause()));
                return;
            }
            HttpClientRequest connected = done.result();
            request = Optional.of(connected);
            if (ended) {
                reset(connected);
                return;
            }
            connected.exceptionHandler(this::broken);
            connected.send(body).onSuccess(this::answered).onFailure(this::broken);
        });
        return result.future();
    }

    /** Gives it up; the result fails. */
    void abort() {
        fail(ModelFailure.of(Kind.ABORTED, "The turn was aborted"));
    }

    private void answered(HttpClientResponse answer) {
        if (ended) {
            return;
        }
        answer.exceptionHandler(this::broken);
        if (answer.statusCode() == 200) {
            AnswerBody coming = new AnswerBody(reader);
            body = Optional.of(coming);
            answer.handler(part -> guarded(() -> coming.feed(part.getBytes())));
            answer.endHandler(end -> guarded(() -> complete(coming.end())));
        } else {
            Buffer said = Buffer.buffer();
            answer.handler(part -> {
                touch();
                if (said.length() + part.length() <= MOST_ERROR_BYTES) {
                    said.appendBuffer(part);
                }
            });
            answer.endHandler(end -> fail(errors.of(answer.statusCode(), retryAfter(answer), said.toString())));
        }
    }

    /** What comes in may be anything: whatever is wrong with it ends this exchange, not the loop. */
    private void guarded(Runnable step) {
        if (ended) {
            return;
        }
        touch();
        try {
            step.run();
        } catch (ModelFailure failure) {
            fail(failure);
        } catch (RuntimeException failure) {
            fail(ModelFailure.of(Kind.PROTOCOL, "The model's answer could not be used"));
            throw failure; // ours to mend: it is logged with its stack
        }
    }

    private void touch() {
        heard = time.nanos();
        answering = true;
    }

    private void look() {
        long now = time.nanos();
        if (now - began > limits.whole().toNanos()) {
            fail(timeout("did not finish its answer within " + text(limits.whole())));
        } else if (body.filter(AnswerBody::isWhole).isPresent() && now - heard > TAIL.toNanos()) {
            request.ifPresent(Exchange::reset);
            guarded(() -> complete(body.get().end()));
        } else if (!answering && now - began > limits.first().toNanos()) {
            fail(timeout("did not begin to answer within " + text(limits.first()) + " (llm.first_timeout)"));
        } else if (answering && now - heard > limits.idle().toNanos()) {
            fail(timeout("fell silent for " + text(limits.idle()) + " in mid-answer (llm.idle_timeout)"));
        }
    }

    /** The connection ended, or never was. */
    private void broken(Throwable cause) {
        body.ifPresent(coming -> guarded(coming::last));
        if (body.filter(AnswerBody::isWhole).isPresent()) {
            guarded(() -> complete(body.get().end()));
        } else if (reader.hasBegun()) {
            fail(ModelFailure.of(Kind.CUT, "The model's endpoint broke the connection in mid-answer"));
        } else {
            fail(unreachable(cause));
        }
    }

    private void complete(Completion completion) {
        if (!ended) {
            ended = true;
            watch.cancel();
            result.complete(completion);
        }
    }

    private void fail(ModelFailure failure) {
        if (!ended) {
            ended = true;
            watch.cancel();
            request.ifPresent(Exchange::reset);
            result.fail(failure);
        }
    }

    private static void reset(HttpClientRequest request) {
        request.reset().onFailure(ignored -> {
            // it was over already
        });
    }

    private Duration watchEvery() {
        Duration shortest = limits.idle().compareTo(limits.first()) < 0 ? limits.idle() : limits.first();
        Duration quarter = shortest.dividedBy(4);
        return quarter.compareTo(WATCH) < 0 ? quarter : WATCH;
    }

    private static ModelFailure timeout(String what) {
        return ModelFailure.of(Kind.TIMEOUT, "The model's endpoint " + what);
    }

    private static ModelFailure unreachable(Throwable cause) {
        String how = "The model's endpoint (llm.base_url) ";
        if (cause instanceof UnknownHostException) {
            return ModelFailure.of(Kind.UNREACHABLE, how + "has a name that nobody knows");
        }
        if (cause instanceof SSLException) {
            return ModelFailure.of(Kind.REFUSED, how + "has a certificate that is not trusted, or speaks no TLS");
        }
        if (cause instanceof ConnectException) {
            return ModelFailure.of(Kind.UNREACHABLE, how + "does not take our connection; is it running?");
        }
        return ModelFailure.of(Kind.UNREACHABLE, how + "broke the connection before it answered");
    }

    private static Optional<Duration> retryAfter(HttpClientResponse answer) {
        String header = answer.getHeader("Retry-After");
        return header == null || !header.matches("\\d{1,6}")
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Long.parseLong(header)));
    }

    private static String text(Duration length) {
        return length.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
