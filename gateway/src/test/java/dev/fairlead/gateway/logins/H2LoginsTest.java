package dev.fairlead.gateway.logins;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2LoginsTest extends LoginsContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
