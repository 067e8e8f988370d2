package dev.fairlead.gateway.events;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.PostgresServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresEventTableIT extends EventTableContract {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @Override
    Settings.Db settings() {
        return postgres.server().settings();
    }
}
