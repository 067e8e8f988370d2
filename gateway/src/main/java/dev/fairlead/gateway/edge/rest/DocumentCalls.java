package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.edge.access.SessionCookie;
import dev.fairlead.gateway.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** The contract as documents, and {@code /metrics}. */
public final class DocumentCalls {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** The address the documents are written for, and the name its cookie has. */
    private static final String WRITTEN_FOR = "localhost:18800";

    private static final String WRITTEN_COOKIE = "fairlead_session_18800";

    /** What stands in the text of a document needs nothing escaped; a Host that is more than that is not repeated. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:\\[\\]_-]+");

    private final PrometheusMeterRegistry metrics;
    private final SessionCookie sessions;
    private final boolean tls;

    /** With {@code http} to know how the gateway is reached. */
    public DocumentCalls(PrometheusMeterRegistry metrics, SessionCookie sessions, Settings.Http http) {
        this.metrics = metrics;
        this.sessions = sessions;
        this.tls = http.tls() || http.behindTlsProxy();
    }

    public List<Endpoint> endpoints() {
        Buffer openapi = resource("/api/openapi.json");
        Buffer asyncapi = resource("/api/asyncapi.json");
        return List.of(
                Endpoint.get(
                        "/api/openapi.json", Access.PUBLIC, call -> Future.succeededFuture(addressed(openapi, call))),
                Endpoint.get(
                        "/api/asyncapi.json", Access.PUBLIC, call -> Future.succeededFuture(addressed(asyncapi, call))),
                Endpoint.get(
                        "/metrics",
                        Access.METRICS,
                        call -> Future.succeededFuture(Answer.text(PROMETHEUS, metrics.scrape()))));
    }

    /** A document for whoever asked: its servers and its cookie are those of the address that was asked. */
    private Answer addressed(Buffer document, Call call) {
        HostAndPort asked = call.request().authority();
        if (asked == null || !HOST.matcher(asked.toString()).matches()) {
            return new Answer(200, "application/json", document);
        }
        String text = document.toString(StandardCharsets.UTF_8)
                .replace("http://" + WRITTEN_FOR, (tls ? "https://" : "http://") + asked)
                .replace("\"" + WRITTEN_FOR + "\"", "\"" + asked + "\"")
                .replace("\"protocol\": \"ws\"", tls ? "\"protocol\": \"wss\"" : "\"protocol\": \"ws\"")
                .replace("Where it listens by default", "Where this document was asked for")
                .replace(WRITTEN_COOKIE, sessions.nameAt(call.request()));
        return new Answer(200, "application/json", Buffer.buffer(text));
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
