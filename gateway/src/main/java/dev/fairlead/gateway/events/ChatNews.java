package dev.fairlead.gateway.events;

import dev.fairlead.gateway.chat.ChatEvent;
import dev.fairlead.protocol.EventsFrame;

/** What became of turns in chats, as the stream of events tells it: never what was said. */
final class ChatNews {
    private static final String COMPONENT = "ws_chat";

    private ChatNews() {}

    static EventsFrame frame(ChatEvent event) {
        if (event instanceof ChatEvent.TurnStarted started) {
            return new EventsFrame.AgentStart(
                    started.sessionId(), started.turnId(), started.provider(), started.model(), started.at());
        }
        if (event instanceof ChatEvent.TurnEnded ended) {
            return new EventsFrame.AgentEnd(
                    ended.sessionId(), ended.turnId(), ended.provider(), ended.model(), ended.reason(), ended.at());
        }
        ChatEvent.TurnFailed failed = (ChatEvent.TurnFailed) event;
        return new EventsFrame.Failure(COMPONENT, failed.code(), failed.message(), failed.at());
    }
}
