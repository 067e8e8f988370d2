package dev.fairlead.gateway.logins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.auth.AdminPassword;
import dev.fairlead.gateway.auth.LoginKeys;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Alone;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of browsers' sessions on either database. */
abstract class LoginsContract {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final ManualTime time = new ManualTime();
    private final Set<String> ended = Collections.synchronizedSet(new HashSet<>());

    @TempDir
    Path temp;

    private Database database;
    private DataFolder folder;
    private String deployment;

    abstract Settings.Db settings();

    @BeforeEach
    void start() throws Exception {
        folder = DataFolder.open(temp.resolve("data"));
        database = await(Database.open(vertx, settings(), folder));
        await(database.write(c -> c.update("DELETE FROM logins") + c.update("DELETE FROM admin_password")));
        bus.subscribe(LoginEvents.class, event -> ended.addAll(((LoginEvents.Ended) event).ids()));
        deploy("first password");
    }

    @AfterEach
    void stop() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void a_session_is_known_by_both_of_its_halves() throws Exception {
        LoginCommands.Begun one = begin();
        LoginCommands.Begun other = begin();
        assertThat(await(recognise(one.handle(), one.key())).id()).isEqualTo(one.id());
        assertThat(refusal(recognise(one.handle(), other.key()))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(refusal(recognise(one.key(), one.handle()))).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void the_database_has_no_half_of_any() throws Exception {
        LoginCommands.Begun begun = begin();
        String kept = await(database.write(c -> c.queryOne(
                        "SELECT handle_sha256, key_sha256 FROM logins",
                        row -> row.string("handle_sha256") + row.string("key_sha256"))))
                .orElseThrow();
        assertThat(kept).hasSize(128).doesNotContain(begun.handle(), begun.key());
    }

    @Test
    void a_session_outlives_a_restart_with_when_it_was_last_used() throws Exception {
        LoginCommands.Begun begun = begin();
        time.shiftWallClock(Logins.UNUSED_LIFE.minusSeconds(1));
        await(recognise(begun.handle(), begun.key()));
        restart("first password");
        time.shiftWallClock(Logins.UNUSED_LIFE);
        assertThat(await(bus.request(new LoginCommands.ListLogins())).sessions())
                .singleElement()
                .returns("10.0.0.9", LoginCommands.Session::address);
        assertThat(await(recognise(begun.handle(), begun.key())).id()).isEqualTo(begun.id());
    }

    @Test
    void another_password_ends_every_session_and_every_version() throws Exception {
        LoginCommands.Begun begun = begin();
        String version = version();
        restart("second password");
        assertThat(refusal(recognise(begun.handle(), begun.key()))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(version()).isNotEqualTo(version);
        assertThat(ended).contains(begun.id());
        restart("first password");
        assertThat(version()).isNotEqualTo(version);
    }

    @Test
    void a_session_ends_by_hand_by_its_time_and_unused() throws Exception {
        LoginCommands.Begun byHand = begin();
        await(bus.request(new LoginCommands.End(byHand.id(), "operator", "127.0.0.1")));
        assertThat(refusal(recognise(byHand.handle(), byHand.key()))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(refusal(bus.request(new LoginCommands.End(byHand.id(), "operator", "127.0.0.1"))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        LoginCommands.Begun used = begin();
        await(recognise(used.handle(), used.key()));
        LoginCommands.Begun unused = begin();
        time.shiftWallClock(Logins.UNUSED_LIFE);
        assertThat(refusal(recognise(unused.handle(), unused.key()))).isEqualTo(ErrorCode.UNAUTHORIZED);
        await(recognise(used.handle(), used.key()));
        time.shiftWallClock(Logins.LIFE);
        assertThat(refusal(recognise(used.handle(), used.key()))).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void all_others_end_and_are_told_of() throws Exception {
        LoginCommands.Begun mine = begin();
        LoginCommands.Begun other = begin();
        await(bus.request(new LoginCommands.EndOthers(Optional.of(mine.id()), "operator", "127.0.0.1")));
        assertThat(refusal(recognise(other.handle(), other.key()))).isEqualTo(ErrorCode.UNAUTHORIZED);
        await(recognise(mine.handle(), mine.key()));
        Awaitility.await().until(() -> ended.equals(Set.of(other.id())));
    }

    @Test
    void one_session_too_many_ends_one_that_nobody_used() throws Exception {
        LoginCommands.Begun used = begin();
        await(recognise(used.handle(), used.key()));
        for (int i = 0; i < Logins.MOST; i++) {
            begin();
        }
        await(recognise(used.handle(), used.key()));
        Optional<Long> kept =
                await(database.write(c -> c.queryOne("SELECT COUNT(*) AS n FROM logins", row -> row.number("n"))));
        assertThat(kept).contains((long) Logins.MOST);
    }

    private void deploy(String password) throws Exception {
        deployment = await(vertx.deployVerticle(new LoginsVerticle(
                database,
                new Alone("n"),
                new AdminPassword(vertx, password),
                new LoginKeys(folder.folder(LoginKeys.FOLDER)),
                time,
                v -> time)));
    }

    private void restart(String password) throws Exception {
        await(vertx.undeploy(deployment));
        deploy(password);
    }

    private LoginCommands.Begun begin() throws Exception {
        return await(bus.request(new LoginCommands.Begin("127.0.0.1", "A browser\u0000\uD83D")));
    }

    private Future<LoginCommands.Recognised> recognise(String handle, String key) {
        return bus.request(new LoginCommands.Recognise(handle, key, "10.0.0.9"));
    }

    private String version() throws Exception {
        return await(bus.request(new LoginCommands.CurrentPassword())).version();
    }

    private static ErrorCode refusal(Future<?> asked) throws Exception {
        return await(asked.map(ErrorCode.INTERNAL).otherwise(failure -> ((FairleadException) failure).code()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }
}
