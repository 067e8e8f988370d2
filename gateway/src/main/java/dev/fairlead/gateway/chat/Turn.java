package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import java.util.Optional;

/**
 * A message that is to be answered.
 *
 * @param actor who asked
 * @param address from where
 * @param origin the socket it was asked on
 */
record Turn(
        String turnId,
        String sessionId,
        String content,
        Optional<String> pageContext,
        String agent,
        ChatAgent.Provider provider,
        String actor,
        String address,
        String origin) {
    @Override
    public String toString() {
        return "Turn[" + turnId + "]";
    }
}
