package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Carries messages between a client's pipe and the gateway: a line in is a request there, each message that comes back
 * a line out. It adds what HTTP wants of a message besides itself, and an answer where the gateway gives none.
 */
final class McpBridge {
    /** Requests under way at a time; the next line is read when one of them is done. */
    private static final int MOST_AT_ONCE = 32;

    private static final String LISTEN = "subscriptions/listen";

    private static final int LAST_ANSWERS_SECONDS = 10;
    private static final int INTERNAL = -32603;
    private static final int PARSE_ERROR = -32700;
    private static final int ACCEPTED = 202;
    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final McpHttp gateway;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Semaphore slots = new Semaphore(MOST_AT_ONCE);
    private final Set<JsonNode> listening = ConcurrentHashMap.newKeySet(); // the ids of their requests
    private volatile Optional<String> negotiated = Optional.empty();

    McpBridge(McpHttp gateway, InputStream in, PrintStream out, PrintStream err) {
        this.gateway = gateway;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    /** Until the client closes its end, and what was under way by then is answered. */
    void run() {
        ExecutorService workers = Executors.newCachedThreadPool();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    read(line, workers);
                }
            }
            workers.shutdown();
            workers.awaitTermination(LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
        } catch (IOException e) {
            err.println("fairlead: stdin cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers.shutdownNow();
        }
    }

    private void read(String line, ExecutorService workers) throws InterruptedException {
        JsonNode message;
        try {
            message = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            write(failure(Optional.empty(), PARSE_ERROR, "A line is no JSON"));
            return;
        }
        JsonNode cancelled = message.path("params").path("requestId");
        if (message.path("method").asText().equals("notifications/cancelled") && listening.remove(cancelled)) {
            return; // over HTTP it is the connection that ends
        }
        slots.acquire();
        if (message.path("method").asText().equals(LISTEN)) {
            listen(message);
            return;
        }
        // What begins a connection is answered before anything else of it is sent: the rest goes by what it says.
        if (message.path("method").asText().equals("initialize")) {
            carry(message);
        } else {
            workers.execute(() -> carry(message));
        }
    }

    /** What lasts as long as the client wants it is not waited for when that one leaves. */
    private void listen(JsonNode message) {
        listening.add(message.path("id"));
        Thread ears = new Thread(() -> carry(message), "fairlead-listen");
        ears.setDaemon(true);
        ears.start();
    }

    private void carry(JsonNode message) {
        try {
            boolean[] answered = new boolean[1];
            int status = gateway.send(message, headers(message), text -> answered[0] |= take(message, text));
            if (!answered[0] && message.has("id") && message.has("method")) {
                write(failure(
                        Optional.of(message.get("id")),
                        INTERNAL,
                        "The gateway gave no answer (status " + status + ")"));
            } else if (!answered[0] && status != ACCEPTED) {
                err.println("fairlead: the gateway took no message (status " + status + ")");
            }
        } catch (StoppedListening stopped) {
            // The client said so: it wants no answer.
        } catch (CommandFailure failure) {
            if (message.has("id") && message.has("method")) {
                write(failure(Optional.of(message.get("id")), INTERNAL, failure.getMessage()));
            } else {
                err.println("fairlead: " + failure.getMessage());
            }
        } finally {
            listening.remove(message.path("id"));
            slots.release();
        }
    }

    /** Ends the connection on which a client heard what it does not want to hear any more. */
    private static final class StoppedListening extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedListening() {
            super("", null, false, false);
        }
    }

    /** Passes a message on; what is refused before it was read does not say which message it answers. */
    private boolean take(JsonNode asked, String text) {
        if (asked.path("method").asText().equals(LISTEN) && !listening.contains(asked.path("id"))) {
            throw new StoppedListening();
        }
        JsonNode message;
        try {
            message = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return false;
        }
        if (!(message instanceof ObjectNode answer) || !answer.has("jsonrpc")) {
            return false;
        }
        if (answer.has("error") && !answer.has("id")) {
            if (!asked.has("id") || !asked.has("method")) {
                err.println("fairlead: " + answer.path("error").path("message").asText());
                return true;
            }
            answer.set("id", asked.get("id"));
        }
        if (asked.path("method").asText().equals("initialize")) {
            negotiated = Optional.ofNullable(
                    answer.path("result").path("protocolVersion").textValue());
        }
        write(answer);
        return !answer.has("method");
    }

    /** What says of itself which revision it is of goes as that; all else as the handshake said. */
    private Map<String, String> headers(JsonNode message) {
        Map<String, String> headers = new TreeMap<>();
        JsonNode params = message.path("params");
        Optional<String> stated =
                Optional.ofNullable(params.path("_meta").path(VERSION).textValue());
        stated.or(() -> message.path("method").asText().equals("initialize") ? Optional.empty() : negotiated)
                .ifPresent(version -> headers.put("MCP-Protocol-Version", encoded(version)));
        if (stated.isPresent() && message.path("method").isTextual()) {
            headers.put("Mcp-Method", encoded(message.path("method").textValue()));
            String field =
                    switch (message.path("method").textValue()) {
                        case "resources/read" -> "uri";
                        case "tasks/get", "tasks/update", "tasks/cancel" -> "taskId";
                        default -> "name";
                    };
            Optional.ofNullable(params.path(field).textValue())
                    .ifPresent(name -> headers.put("Mcp-Name", encoded(name)));
        }
        return headers;
    }

    /** As it may stand in a header: as it is where that is safe. */
    private static String encoded(String text) {
        boolean plain = text.chars().allMatch(c -> c >= ' ' && c < 0x7F)
                && text.equals(text.strip())
                && !text.startsWith("=?base64?");
        return plain
                ? text
                : "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private static ObjectNode failure(Optional<JsonNode> id, int code, String text) {
        ObjectNode failure = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        failure.set("id", id.orElse(JsonNodeFactory.instance.nullNode()));
        failure.putObject("error").put("code", code).put("message", text);
        return failure;
    }

    private synchronized void write(JsonNode message) {
        out.print(message + "\n");
        out.flush();
    }
}
