package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who can be sent to and is connected where, in the whole fleet: what a shard has to know that comes here. */
final class Recipients {
    private final List<Map<String, Optional<Batch.Session>>> shards = new ArrayList<>();

    Recipients() {
        for (int shard = 0; shard < LeaseName.SHARDS; shard++) {
            shards.add(new HashMap<>());
        }
    }

    void know(String agent) {
        of(agent).putIfAbsent(agent, Optional.empty());
    }

    /** News of a connection that has been replaced changes nothing. */
    void connected(String agent, Batch.Session session) {
        of(agent)
                .merge(
                        agent,
                        Optional.of(session),
                        (before, now) -> before.filter(one -> one.epoch() >= session.epoch())
                                        .isPresent()
                                ? before
                                : now);
    }

    void disconnected(String agent, long epoch) {
        of(agent).computeIfPresent(agent, (same, before) -> before.filter(session -> session.epoch() > epoch));
    }

    void removed(String agent) {
        of(agent).remove(agent);
    }

    /** Those that are connected to a node, whose edges' places begin with its name. */
    Map<String, Batch.Session> at(String node) {
        Map<String, Batch.Session> found = new HashMap<>();
        for (Map<String, Optional<Batch.Session>> shard : shards) {
            shard.forEach((agent, session) ->
                    session.filter(one -> one.edge().startsWith(node + "/")).ifPresent(one -> found.put(agent, one)));
        }
        return found;
    }

    /** Tells a shard's messages whom they can go to. */
    void tell(int shard, MessageBus messages) {
        shards.get(shard).forEach((agent, session) -> {
            messages.know(agent);
            session.ifPresent(one -> messages.connected(agent, one));
        });
    }

    private Map<String, Optional<Batch.Session>> of(String agent) {
        return shards.get(LeaseName.shardOf(agent));
    }
}
