package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.PostgresServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresMessageBlocksIT extends MessageBlocksContract {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @Override
    Settings.Db settings() {
        return postgres.server().settings();
    }
}
