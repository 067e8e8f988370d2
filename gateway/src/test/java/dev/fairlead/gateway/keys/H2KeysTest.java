package dev.fairlead.gateway.keys;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2KeysTest extends KeysContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
