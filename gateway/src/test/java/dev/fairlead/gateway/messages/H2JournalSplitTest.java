package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.settings.Settings;

class H2JournalSplitTest extends JournalSplitContract {
    @Override
    Settings.Db settings() {
        return Settings.defaults().db();
    }
}
