package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.SessionCookie;
import dev.fairlead.gateway.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contract as documents, and {@code /metrics}. */
public final class DocumentCalls {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** The address the documents are written for, and the name its cookie has. */
    private static final String WRITTEN_FOR = "localhost:18800";

    private static final String WRITTEN_URL = "http://" + WRITTEN_FOR;
    private static final String WRITTEN_HOST = "\"" + WRITTEN_FOR + "\"";
    private static final String WRITTEN_PROTOCOL = "\"protocol\": \"ws\"";
    private static final String WRITTEN_WHERE = "Where it listens by default";
    private static final String WRITTEN_COOKIE = "fairlead_session_18800";
    private static final Pattern WRITTEN =
            Pattern.compile(Stream.of(WRITTEN_URL, WRITTEN_HOST, WRITTEN_PROTOCOL, WRITTEN_WHERE, WRITTEN_COOKIE)
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|")));

    /** What stands in the text of a document needs nothing escaped; a Host that is more than that is not repeated. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]+");

    private final PrometheusMeterRegistry metrics;
    private final ProcessMetrics process;
    private final SessionCookie sessions;
    private final boolean tls;

    /** With {@code http} to know how the gateway is reached. */
    public DocumentCalls(PrometheusMeterRegistry metrics, SessionCookie sessions, Settings.Http http) {
        this.metrics = metrics;
        this.process = new ProcessMetrics(metrics);
        this.sessions = sessions;
        this.tls = http.tls() || http.behindTlsProxy();
    }

    public List<Endpoint> endpoints() {
        AddressedDocument openapi = resource("/api/openapi.json");
        AddressedDocument asyncapi = resource("/api/asyncapi.json");
        return List.of(
                Endpoint.get(
                        "/api/openapi.json", Access.PUBLIC, call -> Future.succeededFuture(addressed(openapi, call))),
                Endpoint.get(
                        "/api/asyncapi.json", Access.PUBLIC, call -> Future.succeededFuture(addressed(asyncapi, call))),
                Endpoint.get("/metrics", Access.METRICS, call -> bound().map(
                                ignored -> Answer.text(PROMETHEUS, metrics.scrape()))));
    }

    private Future<Void> bound() {
        return process.isBound()
                ? Future.succeededFuture()
                : Vertx.currentContext().executeBlocking(() -> {
                    process.bind();
                    return null;
                });
    }

    /** A document for whoever asked: its servers and its cookie are those of the address that was asked. */
    private Answer addressed(AddressedDocument document, Call call) {
        HostAndPort asked = call.request().authority();
        if (asked == null || !HOST.matcher(asked.toString()).matches()) {
            return new Answer(200, "application/json", document.asWritten());
        }
        String cookie = sessions.nameAt(call.request());
        return new Answer(200, "application/json", document.with(written -> switch (written) {
            case WRITTEN_URL -> (tls ? "https://" : "http://") + asked;
            case WRITTEN_HOST -> "\"" + asked + "\"";
            case WRITTEN_PROTOCOL -> tls ? "\"protocol\": \"wss\"" : written;
            case WRITTEN_WHERE -> "Where this document was asked for";
            default -> cookie;
        }));
    }

    private static AddressedDocument resource(String name) {
        try (InputStream in = DocumentCalls.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The build lacks " + name);
            }
            return new AddressedDocument(in.readAllBytes(), WRITTEN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
