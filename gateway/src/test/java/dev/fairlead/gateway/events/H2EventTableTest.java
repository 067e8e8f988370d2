package dev.fairlead.gateway.events;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2EventTableTest extends EventTableContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
