package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2OrderRepositoryTest extends OrderRepositoryContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
