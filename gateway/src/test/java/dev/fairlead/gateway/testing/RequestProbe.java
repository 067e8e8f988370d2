package dev.fairlead.gateway.testing;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A bare HTTP server that shows what the real parser makes of the head of a request: for what the gateway reads out of
 * one. One caller at a time.
 */
public final class RequestProbe {
    private static final List<String> BODY = List.of("Content-Length", "Transfer-Encoding", "Upgrade", "Connection");

    private final AtomicReference<Function<HttpServerRequest, Object>> question = new AtomicReference<>();
    private final AtomicReference<Object> answer = new AtomicReference<>();
    private final int port;
    private Socket socket; // null while there is none
    private InputStream in;

    public RequestProbe() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        port = RunningGateway.await(vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                        .requestHandler(this::asked)
                        .listen(0))
                .actualPort();
    }

    private void asked(HttpServerRequest request) {
        try {
            answer.set(question.get().apply(request));
        } catch (RuntimeException | AssertionError e) {
            answer.set(e);
        }
        boolean more = BODY.stream().anyMatch(request.headers()::contains); // what follows is no next request then
        request.response()
                .setStatusCode(204)
                .putHeader("Connection", more ? "close" : "keep-alive")
                .end();
    }

    /**
     * What the function says of a request with that head, whose bytes stand in the text one by one; empty where the
     * parser takes it for no request.
     */
    public <T> Optional<T> ask(String head, Function<HttpServerRequest, T> asked) {
        question.set(asked::apply);
        answer.set(null);
        try {
            if (socket == null) {
                connect();
            }
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            String answered = answered();
            if (!answered.contains("keep-alive")) {
                hangUp();
            }
            if (!answered.startsWith("HTTP/1.1 204")) {
                return Optional.empty();
            }
        } catch (IOException e) {
            hangUp();
            return Optional.empty();
        }
        if (answer.get() instanceof Error broken) {
            throw broken;
        }
        if (answer.get() instanceof RuntimeException broken) {
            throw broken;
        }
        @SuppressWarnings("unchecked") // as the function above made it
        T made = (T) answer.get();
        return Optional.of(made);
    }

    private void connect() throws IOException {
        SilentCloseable allowed = BugDetectors.allowNetworkConnections(); // a fuzzer takes any for a finding
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        allowed.close();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(1000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    private String answered() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int end = 0; // of "\r\n\r\n", how much was seen
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            end = next == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : next == '\r' ? 1 : 0;
            if (end == 4) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private void hangUp() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        socket = null;
    }
}
