package dev.fairlead.gateway.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.auth.VerifiedToken;
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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds of the keys of faces on either database. */
abstract class KeysContract {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final ManualTime time = new ManualTime();
    private final SigningKey signingKey = SigningKey.generate();

    @TempDir
    Path temp;

    private Database database;
    private String deployment;

    abstract Settings.Db settings();

    @BeforeEach
    void start() throws Exception {
        database = await(Database.open(vertx, settings(), DataFolder.open(temp.resolve("data"))));
        await(database.write(c -> c.update("DELETE FROM face_keys")));
        deploy();
    }

    @AfterEach
    void stop() throws Exception {
        await(database.close());
        await(vertx.close());
    }

    @Test
    void a_key_says_which_face_it_is_for_and_outlives_a_restart() throws Exception {
        KeyCommands.Created made = create(TokenKind.MCP, KeyCommands.Scope.READ, KeyCommands.Scope.TRADE);
        VerifiedToken verified = new TokenVerifier(signingKey, time).verify(made.token());
        assertThat(verified.kind()).isEqualTo(TokenKind.MCP);
        assertThat(verified.expiresAt()).isEmpty();
        await(vertx.undeploy(deployment));
        deploy();
        KeyCommands.Shown known = await(bus.request(new KeyCommands.Use(verified.jti())));
        assertThat(known.scopes()).containsExactly(KeyCommands.Scope.READ, KeyCommands.Scope.TRADE);
        assertThat(known.createdAt()).isEqualTo(made.key().createdAt());
        assertThat(await(bus.request(new KeyCommands.ListKeys())).keys())
                .singleElement()
                .satisfies(key -> assertThat(key.lastUsedAt()).contains(time.instant()));
    }

    @Test
    void a_revoked_key_is_good_for_nothing_at_once_and_after_a_restart() throws Exception {
        String id = create(TokenKind.METRICS, KeyCommands.Scope.READ).key().id();
        await(bus.request(new KeyCommands.Revoke(id, "operator", "127.0.0.1")));
        assertThat(refusal(bus.request(new KeyCommands.Use(id)))).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(refusal(bus.request(new KeyCommands.Revoke(id, "operator", "127.0.0.1"))))
                .isEqualTo(ErrorCode.NOT_FOUND);
        await(vertx.undeploy(deployment));
        deploy();
        assertThat(refusal(bus.request(new KeyCommands.Use(id)))).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    private void deploy() throws Exception {
        deployment = await(vertx.deployVerticle(
                new KeysVerticle(database, new Alone("n"), new TokenIssuer(signingKey, time), time)));
    }

    private KeyCommands.Created create(TokenKind kind, KeyCommands.Scope... scopes) throws Exception {
        return await(bus.request(new KeyCommands.Create(kind, "a-name", List.of(scopes), "operator", "127.0.0.1")));
    }

    private static ErrorCode refusal(Future<?> asked) throws Exception {
        return await(asked.map(ErrorCode.INTERNAL).otherwise(failure -> ((FairleadException) failure).code()));
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(30, TimeUnit.SECONDS);
    }
}
