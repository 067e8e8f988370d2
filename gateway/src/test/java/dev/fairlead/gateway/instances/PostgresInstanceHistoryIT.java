package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.PostgresServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresInstanceHistoryIT extends InstanceHistoryContract {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @Override
    Settings.Db settings() {
        return postgres.server().settings();
    }
}
