package dev.fairlead.gateway.agents;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2AgentRepositoryTest extends AgentRepositoryContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
