package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.gateway.testing.GatewayProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page of a gateway that has life, dark and light, at a desk and on a phone; pictures of all are kept. */
class PagesIT {
    private static final int PHONE_WIDTH = 390;

    @TempDir
    static Path home;

    private static Chromium chromium;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() {
        chromium = Chromium.launch();
        gateway = GatewayProcess.serve(home, Map.of(), "--demo", "--port", "0");
        gateway.port();
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            // Its programs end with it only where it may end by itself.
            gateway.terminate();
            gateway.exit(Duration.ofSeconds(60));
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "fleet, /, worker",
        "logs, /instances/worker, done:",
        "health, /instances/worker/health, PID",
        "settings, /instances/worker/settings, Command",
        "history, /instances/worker/history, instance",
        "messages, /messages, acknowledged",
        "dead-letters, /messages/dead, Messages",
        "chat, /chat, Chat",
        "market, /market, AAPL",
        "events, /events, Events",
        "audit, /events/audit, gateway",
        "no-such-page, /no/such/page, no such page",
        "no-such-instance, /instances/nobody, No instance"
    })
    void a_page_is_seen_heard_and_carried_along(String name, String path, String has) {
        try (Visitor visitor = chromium.visitor()) {
            Page page = visitor.open("http://127.0.0.1:" + gateway.port() + path);
            assertThat(Visitor.link(page)).hasText("Live");
            assertThat(page.locator("main")).containsText(has);
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                String theme = scheme.name().toLowerCase(java.util.Locale.ROOT);
                assertThat(page.locator("html")).hasAttribute("data-theme", theme);
                Visitor.picture(page, name + "-" + theme);
                assertThat(Visitor.barriers(page)).as(name + " " + theme).isEmpty();
            }

            page.setViewportSize(PHONE_WIDTH, 844);

            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as("width of the page on a phone")
                    .isLessThanOrEqualTo(PHONE_WIDTH);
            assertThat(Visitor.link(page)).isVisible();
            Visitor.picture(page, name + "-phone");
            assertThat(Visitor.barriers(page)).as(name + " on a phone").isEmpty();
        }
    }
}
