package dev.fairlead.gateway.chat.llm;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.protocol.client.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * {@code POST /chat/completions} of an OpenAI-compatible endpoint. A question is asked again, with backoff, where the
 * endpoint cannot be reached, limits us or is in trouble, but never once anything of an answer has come. To be used on
 * one event loop.
 */
final class ChatCompletions {
    /** Answers at the same time; more wait for one to end. */
    private static final int MOST_CONNECTIONS = 1024;

    private static final int KEEP_ALIVE_SECONDS = 30;

    private final HttpClient client;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final ModelLimits limits;
    private final String model;
    private final RequestOptions request;
    private final ProviderErrors errors;
    private final Traces traces;
    /** Until the endpoint refuses to be asked for it: then it is not asked again. */
    private boolean tellsUsage = true;

    private final RandomGenerator random = new SplittableRandom(new SecureRandom().nextLong());

    /** One that tells nobody of its calls. */
    ChatCompletions(
            Vertx vertx, TimeSource time, ModelLimits limits, URI baseUrl, String model, Optional<Secret> apiKey) {
        this(vertx, time, limits, baseUrl, model, apiKey, Traces.none());
    }

    ChatCompletions(
            Vertx vertx,
            TimeSource time,
            ModelLimits limits,
            URI baseUrl,
            String model,
            Optional<Secret> apiKey,
            Traces traces) {
        this.traces = traces;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) limits.connect().toMillis())
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setMaxHeaderSize(32 * 1024)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS).setMaxWaitQueueSize(MOST_CONNECTIONS));
        this.scheduler = new VertxScheduler(vertx);
        this.time = time;
        this.limits = limits;
        this.model = model;
        this.errors = new ProviderErrors(apiKey);
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(ModelAddress.completions(baseUrl).toString())
                .putHeader("User-Agent", "fairlead/" + Version.current())
                .putHeader("Accept", "text/event-stream, application/json")
                .putHeader("Content-Type", "application/json");
        apiKey.ifPresent(key -> request.putHeader("Authorization", "Bearer " + key.reveal()));
    }

    /** Asks, and tells {@code listener} what comes. */
    CompletionCall ask(CompletionRequest question, CompletionListener listener) {
        return ask(question, Optional.empty(), listener);
    }

    /** The same in the course of a trace, which the endpoint is told of. */
    CompletionCall ask(CompletionRequest question, Optional<String> traceparent, CompletionListener listener) {
        Span span = traces.within("chat " + model, Traces.Role.CLIENT, traceparent)
                .set("gen_ai.operation.name", "chat")
                .set("gen_ai.provider.name", "openai")
                .set("gen_ai.request.model", model)
                .set("server.address", request.getHost());
        Asked asked = new Asked(question, listener, span.traceparent());
        asked.result()
                .onSuccess(completion -> {
                    completion.usage().ifPresent(usage -> span.set("gen_ai.usage.input_tokens", usage.inputTokens())
                            .set("gen_ai.usage.output_tokens", usage.outputTokens()));
                    span.end();
                })
                .onFailure(failure -> span.fail(
                        failure instanceof ModelFailure known ? known.kind().tag() : "error"));
        asked.attempt();
        return asked;
    }

    Future<Void> close() {
        return client.close();
    }

    /** One question, however often it is put. */
    private final class Asked implements CompletionCall {
        private final CompletionRequest question;
        private final CompletionListener listener;
        private final RequestOptions request;
        private final Promise<Completion> result = Promise.promise();
        private final Backoff backoff;
        private int attempts;
        private boolean askedUsage;
        private boolean ended;
        private Exchange exchange;
        private Scheduler.Cancellable retry = () -> {};

        Asked(CompletionRequest question, CompletionListener listener, Optional<String> traceparent) {
            this.request = traceparent
                    .map(trace -> new RequestOptions(ChatCompletions.this.request).putHeader("traceparent", trace))
                    .orElse(ChatCompletions.this.request);
            this.question = question;
            this.listener = listener;
            this.backoff = Backoff.of(
                    limits.backoff(), limits.backoff().multipliedBy(1L << Math.min(10, limits.attempts())), random);
        }

        @Override
        public Future<Completion> result() {
            return result.future();
        }

        @Override
        public void abort() {
            if (!ended) {
                ended = true;
                retry.cancel();
                exchange.abort();
                result.tryFail(ModelFailure.of(ModelFailure.Kind.ABORTED, "The turn was aborted"));
            }
        }

        private void attempt() {
            attempts++;
            askedUsage = tellsUsage;
            CompletionReader reader = new CompletionReader(errors, listener);
            exchange = new Exchange(client, scheduler, time, limits, errors, reader);
            exchange.start(request, Buffer.buffer(question.body(model, askedUsage)))
                    .onSuccess(completion -> {
                        ended = true;
                        result.tryComplete(completion);
                    })
                    .onFailure(failure -> failed((ModelFailure) failure, reader.hasBegun()));
        }

        private void failed(ModelFailure failure, boolean begun) {
            if (ended) {
                return;
            }
            if (failure.kind() == ModelFailure.Kind.NO_STREAM_OPTIONS && askedUsage) {
                tellsUsage = false;
                attempts--; // it was not the question that was refused
                attempt();
                return;
            }
            Duration delay = delay(backoff.next(), failure.retryAfter());
            if (begun
                    || !failure.isPassing()
                    || attempts >= limits.attempts()
                    || delay.compareTo(limits.longestWait()) > 0) {
                ended = true;
                result.tryFail(failure);
                return;
            }
            listener.retrying(failure, delay);
            retry = scheduler.after(delay, this::attempt);
        }

        /** Never before the endpoint wants it, and not all who were told the same at the same moment. */
        private Duration delay(Duration own, Optional<Duration> asked) {
            return asked.map(theirs -> theirs.plus(own.dividedBy(2)))
                    .filter(spread -> spread.compareTo(own) > 0)
                    .orElse(own);
        }
    }
}
