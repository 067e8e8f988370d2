package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** What the gateway keeps of a session. */
final class ChatHistory {
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 20;

    private final GatewayCalls calls;
    private final String path;

    ChatHistory(GatewayCalls calls, String session) {
        this.calls = calls;
        this.path = "/api/sessions/" + GatewayCommand.encoded(session) + "/messages?limit=" + PAGE;
    }

    /**
     * The latest messages, oldest first: as many as it takes to have one of ours among them, where it is kept, else
     * all.
     *
     * @param key of that message
     * @throws CommandFailure where they cannot be read
     */
    List<JsonNode> backTo(Optional<String> key) {
        Deque<JsonNode> messages = new ArrayDeque<>();
        Optional<JsonNode> page = calls.find(path);
        for (int pages = 1; page.isPresent(); pages++) {
            boolean there = key.isEmpty();
            for (int i = page.get().path("messages").size() - 1; i >= 0; i--) {
                JsonNode message = page.get().path("messages").get(i);
                messages.addFirst(message);
                there |= key.equals(
                        Optional.ofNullable(message.get("idempotency_key")).map(JsonNode::asText));
            }
            String before = page.get().path("cursor").asText();
            page = there || before.isEmpty() || pages == MOST_PAGES
                    ? Optional.empty()
                    : calls.find(path + "&before=" + before);
        }
        return List.copyOf(messages);
    }
}
