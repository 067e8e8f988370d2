package dev.fairlead.gateway.keys;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.auth.IssuedToken;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Wires the keys of faces: makes them, knows them, ends them. */
public final class KeysVerticle extends VerticleBase {
    /** Most keys there are; more are no fleet's but a loop's. */
    static final int MOST = 1024;

    private final Database database;
    private final TokenIssuer issuer;
    private final TimeSource time;
    private final Map<String, KeyCommands.Shown> keys = new HashMap<>();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Bus bus;
    private Ledger ledger;

    public KeysVerticle(Database database, TokenIssuer issuer, TimeSource time) {
        this.database = database;
        this.issuer = issuer;
        this.time = time;
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        ledger = Ledger.of(database, new VertxScheduler(vertx));
        return ledger.commit(KeyRepository::all).compose(kept -> {
            kept.forEach(key -> keys.put(key.id(), key));
            consumers.add(bus.answer(KeyCommands.Create.class, this::create));
            consumers.add(bus.answer(KeyCommands.ListKeys.class, this::list));
            consumers.add(bus.answer(KeyCommands.Revoke.class, this::revoke));
            consumers.add(bus.answer(KeyCommands.Use.class, this::use));
            return Future.all(
                    consumers.stream().map(MessageConsumer::completion).toList());
        });
    }

    @Override
    public Future<?> stop() {
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
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

    private Future<KeyCommands.Shown> use(KeyCommands.Use command) {
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
