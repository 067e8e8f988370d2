package dev.fairlead.gateway.keys;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the keys of faces: makes them, knows them, ends them. */
public final class KeysVerticle extends VerticleBase {
    /** Most keys there are; more are no fleet's but a loop's. */
    static final int MOST = 1024;

    /**
     * Between two looks at what other nodes have ended, should their news of it be lost: that holds for nobody longer.
     */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(KeysVerticle.class);

    private final Database database;
    private final Ownership ownership;
    private final TokenIssuer issuer;
    private final TimeSource time;
    private final Map<String, KeyCommands.Shown> keys = new HashMap<>();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Scheduler.Cancellable looking = () -> {};
    private Optional<Future<Void>> reading = Optional.empty();
    /** While they are read. */
    private final Set<String> ended = new HashSet<>();

    private Bus bus;
    private Ledger ledger;

    /** @param ownership says whether there are other nodes, which make and end keys as well */
    public KeysVerticle(Database database, Ownership ownership, TokenIssuer issuer, TimeSource time) {
        this.database = database;
        this.ownership = ownership;
        this.issuer = issuer;
        this.time = time;
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        ledger = Ledger.of(database, scheduler);
        return ledger.commit(KeyRepository::all).compose(kept -> {
            kept.forEach(key -> keys.put(key.id(), key));
            consumers.add(bus.answer(KeyCommands.Create.class, this::create));
            consumers.add(bus.answer(KeyCommands.ListKeys.class, this::list));
            consumers.add(bus.answer(KeyCommands.Revoke.class, this::revoke));
            consumers.add(bus.answer(KeyCommands.Use.class, this::use));
            if (!ownership.isAlone()) {
                consumers.add(bus.subscribe(KeyEvent.class, this::heard));
                looking = scheduler.every(LOOK, () -> read().onFailure(
                                cause -> log.debug("The keys cannot be read: {}", cause.getMessage())));
            }
            return Future.all(
                    consumers.stream().map(MessageConsumer::completion).toList());
        });
    }

    @Override
    public Future<?> stop() {
        looking.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private void heard(KeyEvent event) {
        if (event instanceof KeyEvent.Revoked revoked) {
            keys.remove(revoked.id());
            ended.add(revoked.id());
        }
    }

    /** What other nodes have made and ended; who asks meanwhile waits for the same look. */
    private Future<Void> read() {
        if (reading.isEmpty()) {
            Set<String> before = Set.copyOf(keys.keySet());
            ended.clear();
            Future<Void> read = ledger.commit(KeyRepository::all).map(kept -> {
                Set<String> over = new HashSet<>(before);
                kept.forEach(key -> {
                    over.remove(key.id());
                    if (!ended.contains(key.id())) {
                        keys.putIfAbsent(key.id(), key);
                    }
                });
                over.forEach(id -> {
                    if (keys.remove(id) != null) {
                        bus.publish(KeyEvent.class, new KeyEvent.Revoked(id));
                    }
                });
                return null;
            });
            reading = Optional.of(read);
            read.onComplete(done -> reading = Optional.empty());
        }
        return reading.orElseGet(Future::succeededFuture);
    }

    private Future<KeyCommands.Created> create(KeyCommands.Create command) {
        if (keys.size() >= MOST) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.CONFLICT, "There are " + MOST + " keys already; revoke those that nobody uses"));
        }
        IssuedToken token = issuer.face(command.kind(), command.name());
        KeyCommands.Shown key = new KeyCommands.Shown(
                token.claims().jti(),
                command.kind(),
                command.name(),
                command.scopes(),
                time.instant(),
                Optional.empty());
        return ledger.commit(c -> KeyRepository.add(c, key), added -> {
                    keys.put(key.id(), key);
                    audit(command.actor(), "key.create", key, command.address());
                })
                .map(added -> new KeyCommands.Created(token.text(), key));
    }

    private Future<KeyCommands.Keys> list(KeyCommands.ListKeys command) {
        return Future.succeededFuture(new KeyCommands.Keys(keys.values().stream()
                .sorted(Comparator.comparing(KeyCommands.Shown::name).thenComparing(KeyCommands.Shown::id))
                .toList()));
    }

    private Future<KeyCommands.Revoked> revoke(KeyCommands.Revoke command) {
        Optional<KeyCommands.Shown> known = Optional.ofNullable(keys.get(command.id()));
        return known.map(key -> ledger.commit(c -> KeyRepository.remove(c, key.id()), removed -> {
                            keys.remove(key.id());
                            audit(command.actor(), "key.revoke", key, command.address());
                            bus.publish(KeyEvent.class, new KeyEvent.Revoked(key.id()));
                        })
                        .map(removed -> new KeyCommands.Revoked(key.id())))
                .orElseGet(() -> Future.failedFuture(new FairleadException(
                        ErrorCode.NOT_FOUND, "No token has that id; GET /api/admin/tokens lists them")));
    }

    /** One that is not known may have been made at another node a moment ago. */
    private Future<KeyCommands.Shown> use(KeyCommands.Use command) {
        return ownership.isAlone() || keys.containsKey(command.jti())
                ? known(command)
                : reading.orElseGet(Future::succeededFuture) // which may have begun before
                        .compose(read -> keys.containsKey(command.jti()) ? Future.succeededFuture() : read())
                        .compose(read -> known(command));
    }

    private Future<KeyCommands.Shown> known(KeyCommands.Use command) {
        Instant now = time.instant();
        return Optional.ofNullable(keys.computeIfPresent(
                        command.jti(),
                        (id, key) -> new KeyCommands.Shown(
                                id, key.kind(), key.name(), key.scopes(), key.createdAt(), Optional.of(now))))
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new FairleadException(
                        ErrorCode.UNAUTHORIZED,
                        "The token is refused: it was revoked. Create another: fairlead token create NAME")));
    }

    private void audit(String actor, String action, KeyCommands.Shown key, String address) {
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        time.instant(),
                        actor,
                        action,
                        key.name(),
                        address,
                        "ok",
                        key.kind().audience()));
    }
}
