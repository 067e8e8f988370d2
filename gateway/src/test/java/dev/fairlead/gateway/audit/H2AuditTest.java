package dev.fairlead.gateway.audit;

import dev.fairlead.gateway.settings.Settings;
import java.util.Optional;

class H2AuditTest extends AuditContract {
    @Override
    Settings.Db settings() {
        return new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 4);
    }
}
