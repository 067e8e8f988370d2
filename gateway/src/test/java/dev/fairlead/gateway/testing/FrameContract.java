package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ValidationMessage;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Holds what the gateway sends on one WebSocket endpoint against the AsyncAPI document. */
public final class FrameContract {
    private static final ApiDocument DOCUMENT = ApiDocument.load("/api/asyncapi.json");

    private static final String ERROR = "error";

    private final String address;
    private final List<String> payloads;
    private final Map<String, String> asked = new ConcurrentHashMap<>();

    private FrameContract(String address, List<String> payloads) {
        this.address = address;
        this.payloads = payloads;
    }

    public static ApiDocument document() {
        return DOCUMENT;
    }

    /** Every endpoint in the document, as {@code /ws/instances/:name/logs}. */
    public static Set<String> endpoints() {
        Set<String> all = new TreeSet<>();
        for (String channel : DOCUMENT.names("/channels")) {
            addresses(channel).forEach(one -> all.add(one.replaceAll("\\{(\\w+)}", ":$1")));
        }
        return all;
    }

    /** That of the endpoint at a path; empty where the document has none. */
    public static Optional<FrameContract> at(String path) {
        for (String channel : DOCUMENT.names("/channels")) {
            if (addresses(channel).stream().anyMatch(address -> ApiDocument.fits(address, path))) {
                return Optional.of(new FrameContract(path, sent(channel)));
            }
        }
        return Optional.empty();
    }

    /** Notes what a client asks, to know what the answer on its inbox has to look like; it may be garbage. */
    public void sending(String text) {
        JsonNode frame;
        try {
            frame = FrameCodec.tree(text);
        } catch (FairleadException e) {
            return;
        }
        if (frame.path("reply").isTextual() && frame.path("subject").isTextual()) {
            asked.put(frame.get("reply").textValue(), frame.get("subject").textValue());
        }
    }

    /**
     * Checks a frame from the gateway.
     *
     * @throws AssertionError that says what the document does not allow
     */
    public void check(JsonNode frame) {
        JsonNode known = frame.has("subject") ? bySubject(frame) : frame;
        String payload = payloads.stream()
                .filter(one -> names(one, known))
                .findFirst()
                .or(() -> payloads.stream().filter(FrameContract::isOpen).findFirst())
                .orElseThrow(
                        () -> new AssertionError("asyncapi.json knows no such frame of " + address + ": " + frame));
        Set<ValidationMessage> faults = DOCUMENT.faults(payload, known);
        if (!faults.isEmpty()) {
            throw new AssertionError("Not as asyncapi.json says of " + address + ": " + faults + ": " + frame);
        }
    }

    /** An answer on an inbox looks like one on {@code <subject>.ack} or {@code error}, which the document has. */
    private JsonNode bySubject(JsonNode frame) {
        String request = asked.get(frame.get("subject").asText());
        if (request == null) {
            return frame;
        }
        boolean refused = frame.path("data").path(ERROR).path("code").isTextual();
        ObjectNode renamed = frame.deepCopy();
        renamed.put("subject", refused ? ERROR : request.equals("test.echo") ? request : request + ".ack");
        return renamed;
    }

    private static boolean names(String payload, JsonNode frame) {
        JsonNode properties = DOCUMENT.at(payload).path("properties");
        return List.of("type", "subject").stream()
                .anyMatch(key ->
                        frame.has(key) && properties.path(key).path("const").equals(frame.get(key)));
    }

    /** A message whose subject is for the peers to choose. */
    private static boolean isOpen(String payload) {
        JsonNode subject = DOCUMENT.at(payload).path("properties").path("subject");
        return !subject.isMissingNode() && !subject.has("const");
    }

    private static List<String> addresses(String channel) {
        JsonNode node = DOCUMENT.at("/channels/" + channel);
        List<String> all = new ArrayList<>(List.of(node.path("address").asText()));
        node.path("x-aliases").forEach(alias -> all.add(alias.asText()));
        return all;
    }

    /** Pointers to the payloads of what the gateway sends on a channel. */
    private static List<String> sent(String channel) {
        List<String> payloads = new ArrayList<>();
        for (JsonNode operation : DOCUMENT.at("/operations")) {
            if (operation.path("action").asText().equals("send")
                    && operation.at("/channel/$ref").asText().equals("#/channels/" + channel)) {
                for (int i = 0; i < operation.path("messages").size(); i++) {
                    String message =
                            operation.at("/messages/" + i + "/$ref").asText().substring(1);
                    payloads.add(DOCUMENT.resolved(DOCUMENT.resolved(message) + "/payload"));
                }
            }
        }
        return payloads;
    }
}
