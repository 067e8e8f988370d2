package dev.fairlead.gateway.chat.turn;

import dev.fairlead.protocol.ChatFrame;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * A kind of agent that can answer in a chat: {@code operator}, {@code llm}, {@code agent:<name>}. One object serves all
 * turns of its kind, many at a time, on the chat's event loop, which it must not block.
 */
public interface ChatAgent {
    /** How long an agent may say nothing that has no reason of its own to take longer. */
    Duration SILENCE = Duration.ofMinutes(5);

    /** Who answers, as {@code agent_start} and {@code agent_end} tell it. */
    Provider provider();

    /**
     * Whether it can answer at all as things are configured; asked when a socket is opened on it. Being away for a
     * while is no reason to fail here: that is told by the turn.
     *
     * @return fails with {@code AGENT_INIT_FAILED} and what mends it; the socket is then closed with 1011
     */
    Future<Void> prepare();

    /**
     * Runs one turn. What it has to say on the way goes to {@link TurnContext#events}, calls of the gateway's tools
     * through {@link TurnContext#tools}.
     *
     * <p>Fails with a {@link dev.fairlead.protocol.FairleadException} of {@code AUTH_ERROR}, {@code PROVIDER_ERROR} or
     * {@code AGENT_ERROR}, whose text is told to people after keys, credentials and stack traces are taken out of it;
     * any other failure is logged and told as an {@code AGENT_ERROR} without details. Once {@link TurnContext#aborted}
     * completes nothing it says counts any more; it ends what it has under way and may complete with anything.
     */
    Future<Answer> run(TurnContext turn);

    /**
     * How long it may say nothing in a turn before the chat takes it for dead and ends the turn; time in which a tool
     * or a person is waited for does not count. An agent that watches the time itself gives more than its own limits,
     * so that it is the one to say what took too long.
     */
    default Duration silence() {
        return SILENCE;
    }

    /**
     * Who answers.
     *
     * @param name {@code operator}, {@code agent:<name>} or the provider of a model, without credentials
     * @param model that it asks, where there is one
     */
    record Provider(String name, Optional<String> model) {}

    /**
     * A whole answer: it stands, whatever the chunks before it were.
     *
     * @param usage what it cost, over all rounds, where that is known
     */
    record Answer(String fullResponse, Optional<ChatFrame.Usage> usage) {}
}
