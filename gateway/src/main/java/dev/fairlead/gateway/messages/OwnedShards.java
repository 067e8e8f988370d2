package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.NotOwnerException;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A node among others: keeps the shards it holds leases for. A shard that comes is made from what is kept of it; one
 * that goes is dropped at once with nothing told, and the others go on.
 */
final class OwnedShards implements MessageShards {
    /** What makes a shard. */
    @FunctionalInterface
    interface Maker {
        /**
         * Makes one from what is kept of it.
         *
         * @param right under which this node keeps it
         * @param lost run where a commit says that this is over
         */
        MessageShard of(int shard, Fence right, Runnable lost);
    }

    private final Ownership ownership;
    private final Maker maker;
    private final Recipients recipients = new Recipients();
    private final MessageShard[] shards = new MessageShard[LeaseName.SHARDS]; // null where another node has it
    private Optional<TokenState> token = Optional.empty();
    private boolean stopped;

    OwnedShards(Ownership ownership, Maker maker) {
        this.ownership = ownership;
        this.maker = maker;
    }

    /** Takes up what this node owns and comes to own from now on, on a context. */
    void begin(Context context) {
        ownership.listen(change -> context.runOnContext(turn -> changed(change)));
    }

    private void changed(OwnershipChange change) {
        OptionalInt shard = change.name().shard();
        if (shard.isEmpty() || stopped) {
            return;
        }
        drop(shard.getAsInt());
        if (change instanceof OwnershipChange.Gained gained) {
            gain(shard.getAsInt(), gained.fence());
        }
    }

    private void gain(int number, Fence right) {
        MessageShard[] made = new MessageShard[1];
        MessageShard shard = maker.of(number, right, () -> {
            if (shards[number] == made[0]) {
                shards[number] = null;
            }
        });
        made[0] = shard;
        shards[number] = shard;
        recipients.tell(number, shard.messages());
        token.ifPresent(shard.messages()::token);
        shard.commits().open();
    }

    private void drop(int number) {
        MessageShard lost = shards[number];
        shards[number] = null;
        if (lost != null) {
            lost.commits().end(notOwned(number));
        }
    }

    @Override
    public MessageShard of(String recipient) {
        return of(LeaseName.shardOf(recipient));
    }

    @Override
    public MessageShard ofMessage(String messageId) {
        Optional<UUID> id = ShownText.uuid(messageId);
        // An id of an earlier version says by chance whose the message is.
        return all().stream()
                .filter(shard ->
                        id.flatMap(one -> shard.store().kept().find(one)).isPresent())
                .findFirst()
                .orElseGet(() -> of(id.map(MessageIds::shardOf).orElse(0)));
    }

    private MessageShard of(int number) {
        MessageShard shard = shards[number];
        if (shard == null) {
            throw notOwned(number);
        }
        return shard;
    }

    private FairleadException notOwned(int number) {
        LeaseName lease = LeaseName.shard(number);
        return new NotOwnerException(lease, ownership.owner(lease).filter(owner -> !owner.equals(ownership.node())))
                .refusal();
    }

    @Override
    public List<MessageShard> all() {
        return Arrays.stream(shards).filter(Objects::nonNull).toList();
    }

    /** Shards that another node has, or this one has not taken up yet. */
    List<Integer> others() {
        List<Integer> others = new ArrayList<>();
        for (int number = 0; number < shards.length; number++) {
            if (shards[number] == null || !shards[number].commits().isReady()) {
                others.add(number);
            }
        }
        return others;
    }

    /** The agents connected to a node, as far as is known here. */
    Map<String, Batch.Session> sessions(String node) {
        return recipients.at(node);
    }

    @Override
    public void know(String agent) {
        recipients.know(agent);
        here(agent, shard -> shard.messages().know(agent));
    }

    @Override
    public void connected(String agent, Batch.Session session) {
        recipients.connected(agent, session);
        here(agent, shard -> shard.messages().connected(agent, session));
    }

    @Override
    public void disconnected(String agent, long epoch) {
        recipients.disconnected(agent, epoch);
        here(agent, shard -> shard.messages().disconnected(agent, epoch));
    }

    @Override
    public void removed(String agent) {
        recipients.removed(agent);
        here(agent, shard -> shard.messages().removed(agent));
    }

    @Override
    public void token(TokenState state) {
        token = Optional.of(state);
        all().forEach(shard -> {
            shard.messages().token(state);
            shard.commits().changed();
        });
    }

    @Override
    public Map<String, MessageCommands.AckLatency> ackLatencies(int most) {
        return all().stream()
                .flatMap(shard -> shard.messages().ackLatencies(most).entrySet().stream())
                .sorted(Comparator.comparingLong((Map.Entry<String, MessageCommands.AckLatency> one) ->
                                one.getValue().count())
                        .reversed())
                .limit(most)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Future<Void> stop() {
        stopped = true;
        return Future.join(all().stream().map(shard -> shard.commits().stop()).toList())
                .mapEmpty();
    }

    private void here(String agent, Consumer<MessageShard> news) {
        Optional.ofNullable(shards[LeaseName.shardOf(agent)]).ifPresent(shard -> {
            news.accept(shard);
            shard.commits().changed();
        });
    }
}
