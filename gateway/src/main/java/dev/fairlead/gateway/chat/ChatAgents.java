package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.chat.turn.ChatAgent;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import java.util.Map;
import java.util.function.Function;

/** Who can answer: {@code operator}, {@code llm}, {@code agent:<name>}. */
final class ChatAgents {
    private static final String REMOTE = "agent:";

    /**
     * A kind of agent.
     *
     * @param personAsks whether each call of a tool is what a person just asked for in so many words; of others each
     *     change needs a person's approval
     */
    record Kind(ChatAgent agent, boolean personAsks) {}

    private final Map<String, Kind> own;
    private final Function<String, ChatAgent> remote;

    /**
     * The kinds there are.
     *
     * @param own by name
     * @param remote the agent of a name that answers over its socket
     */
    ChatAgents(Map<String, Kind> own, Function<String, ChatAgent> remote) {
        this.own = Map.copyOf(own);
        this.remote = remote;
    }

    /**
     * The kind of that name.
     *
     * @throws FairleadException {@code AGENT_INIT_FAILED}
     */
    Kind require(String name) {
        if (name.startsWith(REMOTE) && Names.isValid(name.substring(REMOTE.length()))) {
            return new Kind(remote.apply(name.substring(REMOTE.length())), false);
        }
        Kind kind = own.get(name);
        if (kind == null) {
            throw new FairleadException(
                    ErrorCode.CHAT_AGENT_INIT_FAILED,
                    "No such agent; choose "
                            + String.join(", ", own.keySet().stream().sorted().toList()) + " or agent:<name>");
        }
        return kind;
    }
}
