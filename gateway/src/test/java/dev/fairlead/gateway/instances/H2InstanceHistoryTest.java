package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2InstanceHistoryTest extends InstanceHistoryContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
