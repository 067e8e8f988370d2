package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AloneTest extends OwnershipContract {
    private final Vertx vertx = Vertx.vertx();

    @TempDir
    Path temp;

    private Database database;

    @BeforeEach
    void open() throws Exception {
        database = Database.open(vertx, Settings.of().db(), DataFolder.open(temp.resolve("data")))
                .await();
    }

    @AfterEach
    void close() {
        database.close().await();
        vertx.close().await();
    }

    @Override
    Ownership first() {
        return new Alone("n1");
    }

    @Override
    Database database() {
        return database;
    }

    @Test
    void nothing_is_asked_of_the_database_and_no_row_is_written() {
        Ownership n1 = first();
        assertThat(n1.under(LeaseName.all().toList())).isEmpty();
        assertThat(n1.fence(LeaseName.shard(0)).orElseThrow().number()).isZero();
        assertThat(database.write(c -> c.query("SELECT name FROM leases", row -> row.string("name")))
                        .await())
                .isEqualTo(List.of());
    }
}
