package dev.fairlead.gateway.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.Alone;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.testing.MovableTime;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodesVerticleTest {
    @TempDir
    Path temp;

    @Test
    void a_gateway_that_is_alone_is_the_one_node_and_owns_everything() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Bus bus = Bus.install(vertx);
            Database database = Database.open(vertx, Settings.defaults().db(), DataFolder.open(temp.resolve("data")))
                    .await(20, TimeUnit.SECONDS);
            MovableTime time = new MovableTime();
            Instant before = time.instant();
            vertx.deployVerticle(new NodesVerticle(database, new Alone("n1"), time, "1.2.3", "127.0.0.1:5701"))
                    .await(20, TimeUnit.SECONDS);

            NodeCommands.Nodes nodes = bus.request(new NodeCommands.GetNodes()).await(20, TimeUnit.SECONDS);

            assertThat(nodes.alone()).isTrue();
            assertThat(nodes.unowned()).isEmpty();
            assertThat(nodes.refused()).isEmpty();
            assertThat(nodes.nodes()).singleElement().satisfies(node -> {
                assertThat(node.name()).isEqualTo("n1");
                assertThat(node.self()).isTrue();
                assertThat(node.version()).isEqualTo("1.2.3");
                assertThat(node.address()).isEmpty();
                assertThat(node.since()).isBetween(before, time.instant());
                assertThat(node.leases()).hasSize(66).containsAll(List.of("janitor", "shard-00", "upstream"));
            });
            database.close().await(20, TimeUnit.SECONDS);
        } finally {
            vertx.close().await(20, TimeUnit.SECONDS);
        }
    }
}
