package dev.fairlead.gateway.chat.budget;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2SpendingTest extends SpendingContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
