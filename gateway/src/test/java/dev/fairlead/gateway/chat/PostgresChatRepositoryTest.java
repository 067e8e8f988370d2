package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresChatRepositoryTest extends ChatRepositoryContract {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Settings.Db settings() {
        return server.settings();
    }
}
