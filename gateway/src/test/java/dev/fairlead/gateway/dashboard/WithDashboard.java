package dev.fairlead.gateway.dashboard;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share one dashboard; each of them has instances and agents of its own on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithDashboard {
    Dashboard dashboard;

    @BeforeAll
    void start(@TempDir Path folder) {
        dashboard = Dashboard.start(folder, settings());
        furnish();
    }

    @AfterAll
    void stop() {
        if (dashboard != null) {
            dashboard.close();
        }
    }

    /** Of its gateway, as {@code key=value}. */
    String[] settings() {
        return new String[0];
    }

    /** Puts there what all of the tests look at. */
    void furnish() {}
}
