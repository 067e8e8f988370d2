package dev.fairlead.gateway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of a fleet have a database together, or a gateway has it for itself. */
class SharedDatabaseIT {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @TempDir
    Path temp;

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void nodes_share_it_and_keep_a_gateway_off_that_is_alone() throws Exception {
        Database n1 = get(shared());
        Database n2 = get(shared());

        assertThatThrownBy(() -> get(alone())).hasMessageContaining("in use by the nodes of a cluster");
        get(n1.close());
        assertThatThrownBy(() -> get(alone())).hasMessageContaining("in use by the nodes of a cluster");
        get(n2.ping());
        get(n2.close());
        get(get(alone()).close());
    }

    @Test
    void a_gateway_that_is_alone_keeps_nodes_off() throws Exception {
        Database alone = get(alone());

        assertThatThrownBy(() -> get(shared())).hasMessageContaining("in use by another gateway");
        get(alone.close());
        Database n1 = get(shared());
        assertThat(n1.dialect()).isEqualTo(Dialect.POSTGRESQL);
        get(n1.close());
    }

    private Future<Database> shared() throws Exception {
        return Database.openShared(vertx, postgres.server().settings(), folder(), Duration.ofSeconds(1));
    }

    private Future<Database> alone() throws Exception {
        return Database.open(vertx, postgres.server().settings(), folder());
    }

    private DataFolder folder() throws Exception {
        return DataFolder.open(temp.resolve("data"));
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
