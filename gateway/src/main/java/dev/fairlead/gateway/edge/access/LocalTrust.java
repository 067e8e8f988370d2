package dev.fairlead.gateway.edge.access;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.instances.InstanceCommands;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, once a connection, whether the very user who runs the gateway is at its other end. The look at the
 * kernel's tables is a worker's, and one serves all that wait for it. May be used from any thread.
 */
final class LocalTrust {
    private static final Logger log = LoggerFactory.getLogger(LocalTrust.class);

    private final Vertx vertx;
    private final Bus bus;
    private final String node;
    private final PeerOwners owners;
    private final Map<HttpConnection, Future<PeerOwner>> known = Collections.synchronizedMap(new WeakHashMap<>());
    private Map<TcpEnds, CompletableFuture<PeerOwner>> waiting = new HashMap<>();
    private boolean looking;

    /**
     * Trust by the tables of this machine.
     *
     * @param node whose instances are not trusted
     */
    LocalTrust(Vertx vertx, Bus bus, String node, PeerOwners owners) {
        this.vertx = vertx;
        this.bus = bus;
        this.node = node;
        this.owners = owners;
    }

    /** The account that the gateway runs as, as a person is told. */
    String ownAccount() {
        return owners.ownAccount();
    }

    /**
     * Whose the peer of this request's connection is; told on the context that asks.
     *
     * @return fails where the instances cannot be asked; then the next request of the connection asks anew
     */
    Future<PeerOwner> ownerOf(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        return known.computeIfAbsent(connection, ignored -> look(request))
                .onFailure(ignored -> known.remove(connection));
    }

    private Future<PeerOwner> look(HttpServerRequest request) {
        Optional<TcpEnds> ends = TcpEnds.End.of(request.remoteAddress())
                .flatMap(peer -> TcpEnds.End.of(request.localAddress()).map(gateway -> new TcpEnds(peer, gateway)));
        return ends.map(this::look).orElseGet(() -> Future.succeededFuture(new PeerOwner.Nobody()));
    }

    private Future<PeerOwner> look(TcpEnds ends) {
        return Future.fromCompletionStage(enqueue(ends), vertx.getOrCreateContext());
    }

    private synchronized CompletableFuture<PeerOwner> enqueue(TcpEnds ends) {
        CompletableFuture<PeerOwner> owner = waiting.computeIfAbsent(ends, ignored -> new CompletableFuture<>());
        if (!looking) {
            looking = true;
            lookForAll();
        }
        return owner;
    }

    /** One look for all that wait now; who comes while it is under way is served by the next. */
    private synchronized void lookForAll() {
        Map<TcpEnds, CompletableFuture<PeerOwner>> served = waiting;
        waiting = new HashMap<>();
        vertx.executeBlocking(() -> owners.of(served.keySet()), false)
                .recover(failure -> {
                    log.warn(
                            "It cannot be told whose connections are ({}): nobody is let in without a token",
                            failure.toString());
                    return Future.succeededFuture(nobody(served.keySet()));
                })
                .compose(this::withoutInstances)
                .onComplete(done -> {
                    served.forEach((ends, owner) -> {
                        if (done.succeeded()) {
                            owner.complete(done.result().get(ends));
                        } else {
                            owner.completeExceptionally(done.cause());
                        }
                    });
                    lookOn();
                });
    }

    private synchronized void lookOn() {
        looking = !waiting.isEmpty();
        if (looking) {
            lookForAll();
        }
    }

    private static Map<TcpEnds, PeerOwner> nobody(Collection<TcpEnds> connections) {
        return connections.stream().collect(Collectors.toMap(ends -> ends, ends -> new PeerOwner.Unseen()));
    }

    /** Makes operators of those whose processes are no instance's. */
    private Future<Map<TcpEnds, PeerOwner>> withoutInstances(Map<TcpEnds, PeerOwner> owners) {
        Set<Long> pids = owners.values().stream()
                .filter(PeerOwner.Held.class::isInstance)
                .flatMap(owner -> ((PeerOwner.Held) owner).pids().stream())
                .collect(Collectors.toUnmodifiableSet());
        if (pids.isEmpty()) {
            return Future.succeededFuture(owners);
        }
        return bus.requestAt(node, new InstanceCommands.FindInstances(List.copyOf(pids)))
                .map(found -> {
                    Map<Long, Optional<String>> instances = new HashMap<>();
                    found.processes().forEach(one -> instances.put(one.pid(), one.instance()));
                    Map<TcpEnds, PeerOwner> told = new HashMap<>();
                    owners.forEach((ends, owner) ->
                            told.put(ends, owner instanceof PeerOwner.Held held ? decided(held, instances) : owner));
                    return told;
                });
    }

    private static PeerOwner decided(PeerOwner.Held held, Map<Long, Optional<String>> instances) {
        return held.pids().stream()
                .filter(instances::containsKey)
                .findFirst()
                .<PeerOwner>map(pid -> new PeerOwner.InstanceProcess(instances.get(pid)))
                .orElseGet(PeerOwner.Operator::new);
    }
}
