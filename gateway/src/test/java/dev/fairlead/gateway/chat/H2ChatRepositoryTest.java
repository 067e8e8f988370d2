package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2ChatRepositoryTest extends ChatRepositoryContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
