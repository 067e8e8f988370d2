package dev.fairlead.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardIT {
    @TempDir
    static Path folder;

    private static RunningGateway gateway;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        gateway = RunningGateway.start(folder);
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.close();
            chromium.close();
        }
    }

    @Test
    void it_is_served() {
        try (Visitor visitor = chromium.visitor()) {
            Page page = visitor.open(gateway.http("/api/health").toString());
            assertThat(page.content()).contains("uptime_seconds");
            Visitor.picture(page, "health");
        }
    }
}
