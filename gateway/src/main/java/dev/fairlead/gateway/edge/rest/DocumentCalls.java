package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The contract as documents, and {@code /metrics}. */
public final class DocumentCalls {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry metrics;

    public DocumentCalls(PrometheusMeterRegistry metrics) {
        this.metrics = metrics;
    }

    public List<Endpoint> endpoints() {
        Answer openapi = Answer.text("application/json", resource("/api/openapi.json"));
        Answer asyncapi = Answer.text("application/json", resource("/api/asyncapi.json"));
        return List.of(
                Endpoint.get("/api/openapi.json", Access.PUBLIC, call -> Future.succeededFuture(openapi)),
                Endpoint.get("/api/asyncapi.json", Access.PUBLIC, call -> Future.succeededFuture(asyncapi)),
                Endpoint.get(
                        "/metrics",
                        Access.OPERATOR,
                        call -> Future.succeededFuture(Answer.text(PROMETHEUS, metrics.scrape()))));
    }

    private static String resource(String name) {
        try (InputStream in = DocumentCalls.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The build lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
