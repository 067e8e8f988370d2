package dev.fairlead.gateway.traces;

import dev.fairlead.protocol.TraceParent;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Traces that go to a collector by OTLP over HTTP. They are sent in batches by a thread of their own; where the
 * collector does not take them they are dropped, and nothing else notices.
 */
public final class CollectedTraces implements Traces {
    private static final String SERVICE = "fairlead";
    private static final String PATH = "/v1/traces";
    private static final Duration BATCH = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** Its complaints go to stderr; that a collector is away is told in our own log, once. Held, or it is let go of. */
    private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

    private final Vertx vertx;
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final boolean content;

    private CollectedTraces(Vertx vertx, SdkTracerProvider provider, String version, boolean content) {
        this.content = content;
        this.vertx = vertx;
        this.provider = provider;
        this.tracer = provider.tracerBuilder("dev.fairlead.gateway")
                .setInstrumentationVersion(version)
                .build();
    }

    /**
     * Those of one gateway.
     *
     * @param endpoint the collector's base address; {@code /v1/traces} below it takes them
     * @param content whether they hold what was said
     */
    public static Traces to(URI endpoint, boolean content, Vertx vertx, String node, String version) {
        LIBRARY.setLevel(Level.OFF);
        String address = endpoint.toString().replaceAll("/+$", "") + PATH;
        Resource resource = Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put("service.name", SERVICE)
                        .put("service.version", version)
                        .put("service.instance.id", node)
                        .build()));
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .setResource(resource)
                .setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                .addSpanProcessor(BatchSpanProcessor.builder(new ToldExporter(
                                OtlpHttpSpanExporter.builder()
                                        .setEndpoint(address)
                                        .setTimeout(PATIENCE)
                                        .build(),
                                address))
                        .setScheduleDelay(BATCH)
                        .build())
                .build();
        return new CollectedTraces(vertx, provider, version, content);
    }

    @Override
    public Span begin(String name, Role role, Optional<String> parent) {
        Context within = TraceParent.of(parent)
                .map(text -> Context.root().with(io.opentelemetry.api.trace.Span.wrap(remote(text))))
                .orElse(Context.root());
        return new Told(
                tracer.spanBuilder(name)
                        .setParent(within)
                        .setSpanKind(SpanKind.valueOf(role.name()))
                        .startSpan(),
                content);
    }

    private static SpanContext remote(String traceparent) {
        return SpanContext.createFromRemoteParent(
                TraceParent.trace(traceparent),
                TraceParent.span(traceparent),
                TraceParent.sampled(traceparent) ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    @Override
    public Future<Void> close() {
        return vertx.<Void>executeBlocking(() -> {
                    provider.shutdown().join(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
                    return null;
                })
                .otherwiseEmpty();
    }

    private record Told(io.opentelemetry.api.trace.Span span, boolean words) implements Span {
        @Override
        public Span content(String name, Supplier<String> said) {
            return words ? set(name, said.get()) : this;
        }

        @Override
        public Span set(String name, String value) {
            span.setAttribute(name, value);
            return this;
        }

        @Override
        public Span set(String name, long value) {
            span.setAttribute(name, value);
            return this;
        }

        @Override
        public void end() {
            span.end();
        }

        @Override
        public void fail(String type) {
            span.setAttribute("error.type", type).setStatus(StatusCode.ERROR).end();
        }

        @Override
        public Optional<String> traceparent() {
            SpanContext own = span.getSpanContext();
            return Optional.of("00-" + own.getTraceId() + "-" + own.getSpanId() + "-"
                    + own.getTraceFlags().asHex());
        }
    }
}
