package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.PostgresServer;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresAgentRepositoryIT extends AgentRepositoryContract {
    @RegisterExtension
    static final PostgresServer.OfTheClass postgres = new PostgresServer.OfTheClass();

    @Override
    Settings.Db settings() {
        return postgres.server().settings();
    }
}
