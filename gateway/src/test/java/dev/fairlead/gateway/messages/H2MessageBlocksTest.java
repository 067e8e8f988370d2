package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2MessageBlocksTest extends MessageBlocksContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
