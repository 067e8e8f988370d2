package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.gateway.chat.turn.Given;
import java.time.Duration;
import java.util.Optional;

/**
 * A message that is to be answered.
 *
 * @param silence how long the agent may say nothing
 * @param actor who asked
 * @param address from where
 * @param origin the socket it was asked on
 * @param takesAlong whether the agent is given what was said to other agents in the session, too
 * @param given what else came with the message
 * @param resumed whether it ran before a restart already
 */
record Turn(
        String turnId,
        String sessionId,
        String content,
        Optional<String> pageContext,
        String agent,
        ChatAgent.Provider provider,
        Duration silence,
        String actor,
        String address,
        String origin,
        boolean takesAlong,
        Given given,
        boolean resumed) {
    @Override
    public String toString() {
        return "Turn[" + turnId + "]";
    }
}
