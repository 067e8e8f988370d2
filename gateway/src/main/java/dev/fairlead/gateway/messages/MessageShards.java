package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Who keeps which recipients' messages on this node. Confined to one context. */
interface MessageShards {
    /**
     * Where the messages to a recipient are.
     *
     * @throws FairleadException {@code storage_unavailable}, where another node keeps them
     */
    MessageShard of(String recipient);

    /**
     * Where a message is, as far as its id says.
     *
     * @throws FairleadException as {@link #of}
     */
    MessageShard ofMessage(String messageId);

    /** All that this node keeps now. */
    List<MessageShard> all();

    void know(String agent);

    void connected(String agent, Batch.Session session);

    void disconnected(String agent, long epoch);

    void removed(String agent);

    void token(TokenState state);

    /** How long those agents took to acknowledge of late that acknowledged most. */
    Map<String, MessageCommands.AckLatency> ackLatencies(int most);

    /** Completes when nothing is under way any more. */
    Future<Void> stop();
}
