package dev.fairlead.gateway.logins;

import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.auth.AdminPassword;
import dev.fairlead.gateway.auth.LoginKeys;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.ledger.Backlog;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires the logins' concern: answers its requests, tells the edges what ended, keeps time. */
public final class LoginsVerticle extends VerticleBase {
    /** How often it is written when sessions were last used. */
    static final Duration SAVE_PERIOD = Duration.ofSeconds(10);

    /**
     * Between two looks at what other nodes have ended, should their news of it be lost: that holds for nobody longer.
     */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Logger log = LoggerFactory.getLogger(LoginsVerticle.class);

    private final Database database;
    private final Ownership ownership;
    private final AdminPassword password;
    private final LoginKeys keys;
    private final TimeSource time;
    private final Function<Vertx, Scheduler> scheduler;
    private final Logins logins = new Logins();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Scheduler.Cancellable saving = () -> {};
    private Scheduler.Cancellable looking = () -> {};
    private Optional<Future<Void>> reading = Optional.empty();
    /** While they are read. */
    private final Set<String> ended = new HashSet<>();

    private Bus bus;
    private Ledger ledger;
    private Backlog<Login> uses;
    private Optional<Future<String>> version = Optional.empty();

    /** @param ownership says whether there are other nodes, which begin and end sessions as well */
    public LoginsVerticle(
            Database database, Ownership ownership, AdminPassword password, LoginKeys keys, TimeSource time) {
        this(database, ownership, password, keys, time, VertxScheduler::new);
    }

    LoginsVerticle(
            Database database,
            Ownership ownership,
            AdminPassword password,
            LoginKeys keys,
            TimeSource time,
            Function<Vertx, Scheduler> scheduler) {
        this.database = database;
        this.ownership = ownership;
        this.password = password;
        this.keys = keys;
        this.time = time;
        this.scheduler = scheduler;
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler timers = scheduler.apply(vertx);
        ledger = Ledger.of(database, timers);
        uses = new Backlog<>(ledger, "the table of logins", new LoginUses());
        return ledger.commit(LoginRepository::all).compose(kept -> {
            kept.forEach(logins::add);
            saving = timers.every(SAVE_PERIOD, this::tidy);
            if (!ownership.isAlone()) {
                consumers.add(bus.subscribe(LoginEvents.class, this::heard));
                looking = timers.every(LOOK, () -> read().onFailure(
                                cause -> log.debug("The sessions cannot be read: {}", cause.getMessage())));
            }
            consumers.add(bus.answer(LoginCommands.Begin.class, this::begin));
            consumers.add(bus.answer(LoginCommands.Recognise.class, this::recognise));
            consumers.add(bus.answer(LoginCommands.ListLogins.class, this::list));
            consumers.add(bus.answer(LoginCommands.End.class, this::end));
            consumers.add(bus.answer(LoginCommands.EndOthers.class, this::endOthers));
            consumers.add(bus.answer(LoginCommands.MakeKey.class, this::makeKey));
            consumers.add(bus.answer(LoginCommands.UseKey.class, this::useKey));
            consumers.add(bus.answer(
                    LoginCommands.CurrentPassword.class, ask -> version().map(LoginCommands.PasswordVersion::new)));
            return Future.all(
                    consumers.stream().map(MessageConsumer::completion).toList());
        });
    }

    @Override
    public Future<?> stop() {
        saving.cancel();
        looking.cancel();
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList())
                .eventually(() -> {
                    logins.unsaved().forEach(uses::add);
                    return uses.close();
                });
    }

    /**
     * The version of the password that holds. Worked out when it is first needed: the start waits for no hashing. Where
     * the database does not answer, the next who asks tries again.
     */
    private Future<String> version() {
        if (version.isEmpty()) {
            Future<String> found = ledger.commit(LoginRepository::password)
                    .compose(kept -> kept.isEmpty()
                            ? renew()
                            : password.hashed(kept.get().hash().salt())
                                    .compose(hash -> hash.equals(kept.get().hash())
                                            ? Future.succeededFuture(kept.get().version())
                                            : renew()));
            version = Optional.of(found);
            found.onFailure(failure -> version = Optional.empty());
        }
        return version.get();
    }

    private Future<String> renew() {
        String fresh = UUID.randomUUID().toString();
        return password.hashed(AdminPassword.newSalt())
                .compose(hash -> ledger.commit(
                        c -> LoginRepository.replacePassword(c, new LoginRepository.KeptPassword(hash, fresh)),
                        written -> forget(logins.ids(), "the admin password has changed")))
                .map(written -> fresh);
    }

    private Future<LoginCommands.Begun> begin(LoginCommands.Begin command) {
        return version().compose(known -> {
            List<String> over = logins.toEnd(time.instant());
            Logins.Fresh fresh =
                    Logins.begin(UUID.randomUUID().toString(), command.address(), command.client(), time.instant());
            return ledger.commit(
                            c -> {
                                LoginRepository.end(c, over);
                                return LoginRepository.add(c, fresh.login());
                            },
                            written -> {
                                forget(over, "there are too many sessions");
                                logins.add(fresh.login());
                            })
                    .map(written -> new LoginCommands.Begun(
                            fresh.login().id(),
                            fresh.handle(),
                            fresh.key(),
                            fresh.login().expiresAt()));
        });
    }

    private Future<LoginCommands.Key> makeKey(LoginCommands.MakeKey command) {
        return vertx.executeBlocking(() -> keys.make(time.instant(), command.life()))
                .recover(failure -> Future.failedFuture(unavailable(failure)))
                .map(made -> {
                    bus.publish(
                            AuditEvents.class,
                            new AuditEvents.Recorded(
                                    time.instant(),
                                    command.actor(),
                                    "login.key.create",
                                    "",
                                    command.address(),
                                    "ok",
                                    ""));
                    return new LoginCommands.Key(made.text(), made.expiresAt());
                });
    }

    private static FairleadException unavailable(Throwable failure) {
        return new FairleadException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The folder " + LoginKeys.FOLDER + " in the data folder cannot be written to: " + failure);
    }

    private Future<LoginCommands.KeyUsed> useKey(LoginCommands.UseKey command) {
        return vertx.executeBlocking(() -> keys.use(command.key(), time.instant()))
                .recover(failure -> Future.failedFuture(unavailable(failure)))
                .map(good -> {
                    if (!good) {
                        throw new FairleadException(
                                ErrorCode.UNAUTHORIZED,
                                "The key of this link is not good any more; 'fairlead open' makes another");
                    }
                    return new LoginCommands.KeyUsed();
                });
    }

    private void heard(LoginEvents event) {
        if (event instanceof LoginEvents.Ended over) {
            over.ids().forEach(logins::remove);
            ended.addAll(over.ids());
        }
    }

    /** What other nodes have begun and ended; who asks meanwhile waits for the same look. */
    private Future<Void> read() {
        if (reading.isEmpty()) {
            Set<String> before = Set.copyOf(logins.ids());
            ended.clear();
            Future<Void> read = ledger.commit(LoginRepository::all).map(kept -> {
                Set<String> over = new HashSet<>(before);
                kept.forEach(login -> {
                    over.remove(login.id());
                    if (!ended.contains(login.id())) {
                        logins.know(login);
                    }
                });
                over.removeIf(id -> !logins.has(id));
                forget(over, "the session was ended");
                return null;
            });
            reading = Optional.of(read);
            read.onComplete(done -> reading = Optional.empty());
        }
        return reading.orElseGet(Future::succeededFuture);
    }

    /** One that is not known may have begun at another node a moment ago. */
    private Future<LoginCommands.Recognised> recognise(LoginCommands.Recognise command) {
        return version().compose(known -> used(command)
                .map(Future::succeededFuture)
                .orElseGet(() -> ownership.isAlone()
                        ? Future.failedFuture(over())
                        : reading.orElseGet(Future::succeededFuture) // which may have begun before
                                .compose(done -> read())
                                .map(read -> used(command).orElseThrow(LoginsVerticle::over))));
    }

    private Optional<LoginCommands.Recognised> used(LoginCommands.Recognise command) {
        return logins.use(command.handle(), command.key(), command.address(), time.instant())
                .map(login -> new LoginCommands.Recognised(login.id(), login.expiresAt()));
    }

    private static FairleadException over() {
        return new FairleadException(ErrorCode.UNAUTHORIZED, "The session has ended; log in again");
    }

    private Future<LoginCommands.Sessions> list(LoginCommands.ListLogins command) {
        return version()
                .map(known -> new LoginCommands.Sessions(logins.list(time.instant()).stream()
                        .map(login -> new LoginCommands.Session(
                                login.id(),
                                login.address(),
                                login.client(),
                                login.createdAt(),
                                login.lastUsedAt(),
                                login.expiresAt()))
                        .toList()));
    }

    private Future<LoginCommands.Ended> end(LoginCommands.End command) {
        if (!logins.has(command.id())) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.NOT_FOUND,
                    "No session has the id '" + Names.shown(command.id()) + "'; GET /api/logins lists them"));
        }
        return end(List.of(command.id()), command.actor(), command.address());
    }

    private Future<LoginCommands.Ended> endOthers(LoginCommands.EndOthers command) {
        List<String> others = logins.ids().stream()
                .filter(id -> !command.but().equals(Optional.of(id)))
                .toList();
        return end(others, command.actor(), command.address());
    }

    private Future<LoginCommands.Ended> end(List<String> ids, String actor, String address) {
        return ledger.commit(c -> LoginRepository.end(c, ids), written -> {
                    forget(ids, "the session was ended");
                    ids.forEach(id -> bus.publish(
                            AuditEvents.class,
                            new AuditEvents.Recorded(time.instant(), actor, "login.end", id, address, "ok", "")));
                })
                .map(written -> new LoginCommands.Ended(ids.size()));
    }

    /** Told in the turn they ended, before who asked for it has the answer. */
    private void forget(Collection<String> ids, String why) {
        ids.forEach(logins::remove);
        if (!ids.isEmpty()) {
            bus.publish(LoginEvents.class, new LoginEvents.Ended(Set.copyOf(ids), why));
        }
    }

    private void tidy() {
        List<String> over = logins.ids().isEmpty() ? List.of() : logins.toEnd(time.instant());
        if (!over.isEmpty()) {
            // What is over is refused whether it is still kept or not: a failure here is the next round's.
            ledger.commit(c -> LoginRepository.end(c, over), done -> forget(over, "the session has ended"));
        }
        logins.unsaved().forEach(uses::add);
    }

    /** When sessions were used last. */
    private static final class LoginUses implements Backlog.Entries<Login> {
        @Override
        public Object key(Login login) {
            return login.id();
        }

        @Override
        public void keep(WriteConnection c, List<Login> batch) throws SQLException {
            LoginRepository.used(c, batch);
        }
    }
}
