package dev.fairlead.gateway.faces.mcp;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatEvent;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What becomes of turns of chats that clients asked for. */
final class ChatTurns {
    private static final int MESSAGES = 200;
    private static final Set<String> OPEN = Set.of("queued", "running");

    private final Bus bus;
    private final String chats;
    private final Waiters waiters;

    ChatTurns(Bus bus, String node, Waiters waiters) {
        this.bus = bus;
        this.chats = ChatCommands.place(node);
        this.waiters = waiters;
    }

    void heard(ChatEvent event) {
        if (event instanceof ChatEvent.TurnEnded ended) {
            waiters.ended(ended.turnId());
        }
    }

    Future<McpCommands.TurnSeen> look(McpCommands.LookAtTurn look) {
        // It is listened for before it is looked at: what ends in between is heard.
        Future<Void> end = waiters.await(look.turnId(), look.patience());
        return now(look).compose(seen -> {
            if (seen.status().equals("running")) {
                return end.compose(ended -> now(look));
            }
            waiters.ended(look.turnId());
            return Future.succeededFuture(seen);
        });
    }

    private Future<McpCommands.TurnSeen> now(McpCommands.LookAtTurn look) {
        return bus.requestAt(
                        chats, new ChatCommands.GetMessages(look.sessionId(), look.owner(), MESSAGES, Optional.empty()))
                .map(messages -> {
                    List<ChatCommands.Message> ofTurn = messages.messages().stream()
                            .filter(message -> message.turnId().equals(look.turnId()))
                            .toList();
                    boolean runs = messages.session()
                            .turnId()
                            .filter(look.turnId()::equals)
                            .isPresent();
                    String status = ofTurn.stream()
                            .filter(message -> message.role().equals("user"))
                            .findFirst()
                            .flatMap(ChatCommands.Message::status)
                            .orElse(runs ? "running" : "done");
                    return new McpCommands.TurnSeen(
                            look.sessionId(),
                            look.turnId(),
                            OPEN.contains(status) ? "running" : status,
                            runs ? messages.partial().orElse("") : said(ofTurn, "assistant"),
                            Optional.of(said(ofTurn, "error")).filter(problem -> !problem.isEmpty()));
                });
    }

    private static String said(List<ChatCommands.Message> messages, String role) {
        return messages.stream()
                .filter(message -> message.role().equals(role))
                .map(ChatCommands.Message::content)
                .collect(Collectors.joining("\n"));
    }
}
