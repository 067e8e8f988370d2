package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The contract as documents, and {@code /metrics}. */
public final class DocumentCalls {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry metrics;

    public DocumentCalls(PrometheusMeterRegistry metrics) {
        this.metrics = metrics;
    }

    public List<Endpoint> endpoints() {
        Answer openapi = new Answer(200, "application/json", resource("/api/openapi.json"));
        Answer asyncapi = new Answer(200, "application/json", resource("/api/asyncapi.json"));
        return List.of(
                Endpoint.get("/api/openapi.json", Access.PUBLIC, call -> Future.succeededFuture(openapi)),
                Endpoint.get("/api/asyncapi.json", Access.PUBLIC, call -> Future.succeededFuture(asyncapi)),
                Endpoint.get(
                        "/metrics",
                        Access.OPERATOR,
                        call -> Future.succeededFuture(Answer.text(PROMETHEUS, metrics.scrape()))));
    }

    /** As the bytes it is sent as: a start has better to do than to decode it. */
    private static Buffer resource(String name) {
        try (InputStream in = DocumentCalls.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The build lacks " + name);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
