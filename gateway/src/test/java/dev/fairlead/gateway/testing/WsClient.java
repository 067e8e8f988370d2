package dev.fairlead.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * A WebSocket client that is none of ours (the JDK's), for tests that read a wire frame by frame. Whatever it hears is
 * held against the contract's document, even what the test passes over.
 */
public final class WsClient implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    /** How a connection ended. */
    public record Closed(int code, String reason) {}

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private final Optional<FrameContract> contract;
    private final AtomicReference<AssertionError> breach = new AtomicReference<>();
    private WebSocket socket;

    private WsClient(URI uri) {
        this.contract = FrameContract.at(uri.getPath());
    }

    /** Connects, with headers as name, value, name, value. */
    public static WsClient connect(URI uri, String... headers) {
        WsClient client = new WsClient(uri);
        WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(PATIENCE);
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Sec-WebSocket-Protocol")) {
                String[] protocols = headers[i + 1].split(", ", -1);
                builder.subprotocols(protocols[0], java.util.Arrays.copyOfRange(protocols, 1, protocols.length));
            } else {
                builder.header(headers[i], headers[i + 1]);
            }
        }
        client.socket = builder.buildAsync(uri, client).join();
        return client;
    }

    /** The status of a refused upgrade. */
    public static int refusal(URI uri, String... headers) {
        try {
            connect(uri, headers).close();
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof java.net.http.WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    public String subProtocol() {
        return socket.getSubprotocol();
    }

    public WsClient send(String text) {
        contract.ifPresent(known -> known.sending(text));
        socket.sendText(text, true).join();
        return this;
    }

    public WsClient sendFragments(String first, String second) {
        socket.sendText(first, false).join();
        socket.sendText(second, true).join();
        return this;
    }

    public WsClient sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** The next message. */
    public JsonNode next() {
        try {
            String message = messages.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(message)
                    .as("a frame within %s; closed: %s", PATIENCE, closed)
                    .isNotNull();
            JsonNode frame = FrameCodec.tree(message);
            requireContract();
            return frame;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The next message, where one comes before long. */
    public Optional<JsonNode> poll() {
        try {
            return Optional.ofNullable(messages.poll(POLL.toMillis(), TimeUnit.MILLISECONDS))
                    .map(FrameCodec::tree);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The next message that fits; those before it are passed over. */
    public JsonNode next(Predicate<JsonNode> fits) {
        while (true) {
            JsonNode message = next();
            if (fits.test(message)) {
                return message;
            }
        }
    }

    /** The next message with that {@code type} or {@code subject}. */
    public JsonNode next(String what) {
        return next(message -> what.equals(message.path("type").asText())
                || what.equals(message.path("subject").asText()));
    }

    public boolean hasMessage() {
        return !messages.isEmpty();
    }

    public Closed closed() {
        try {
            Closed how = closed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            requireContract();
            return how;
        } catch (Exception e) {
            throw new AssertionError("Still open after " + PATIENCE + ", with " + messages, e);
        }
    }

    public boolean isOpen() {
        return !closed.isDone();
    }

    @Override
    public void close() {
        if (isOpen()) {
            CompletableFuture<WebSocket> unused = socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
        }
    }

    /** Ends the connection without a word. */
    public void abort() {
        socket.abort();
    }

    private void hold(String message) {
        try {
            contract.ifPresent(known -> known.check(FrameCodec.tree(message)));
        } catch (AssertionError e) {
            breach.compareAndSet(null, e);
        }
    }

    private void requireContract() {
        if (breach.get() != null) {
            throw new AssertionError(breach.get().getMessage(), breach.get());
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        partial.append(data);
        if (last) {
            hold(partial.toString());
            messages.add(partial.toString());
            partial.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(new Closed(code, reason));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(new Closed(1006, String.valueOf(error.getMessage())));
    }
}
