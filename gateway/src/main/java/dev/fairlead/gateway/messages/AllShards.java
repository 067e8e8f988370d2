package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.TokenState;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** A gateway alone: it keeps everybody's messages, and all together. */
final class AllShards implements MessageShards {
    private final MessageShard shard;
    private final List<MessageShard> all;

    AllShards(MessageShard shard) {
        this.shard = shard;
        this.all = List.of(shard);
    }

    @Override
    public MessageShard of(String recipient) {
        return shard;
    }

    @Override
    public MessageShard ofMessage(String messageId) {
        return shard;
    }

    @Override
    public List<MessageShard> all() {
        return all;
    }

    @Override
    public void know(String agent) {
        shard.messages().know(agent);
    }

    @Override
    public void connected(String agent, Batch.Session session) {
        shard.messages().connected(agent, session);
        shard.commits().changed();
    }

    @Override
    public void disconnected(String agent, long epoch) {
        shard.messages().disconnected(agent, epoch);
        shard.commits().changed();
    }

    @Override
    public void removed(String agent) {
        shard.messages().removed(agent);
        shard.commits().changed();
    }

    @Override
    public void token(TokenState state) {
        shard.messages().token(state);
        shard.commits().changed();
    }

    @Override
    public Map<String, MessageCommands.AckLatency> ackLatencies(int most) {
        return shard.messages().ackLatencies(most);
    }

    @Override
    public Future<Void> stop() {
        return shard.commits().stop();
    }
}
