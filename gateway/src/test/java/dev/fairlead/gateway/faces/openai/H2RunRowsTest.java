package dev.fairlead.gateway.faces.openai;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2RunRowsTest extends RunRowsContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
