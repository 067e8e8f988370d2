package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.gateway.testing.GatewayProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every page of a gateway that has life, and what opens on it, dark and light, at a desk and on a phone; pictures of
 * all are kept.
 */
class PagesIT {
    private static final int PHONE_WIDTH = 390;
    private static final int README_WIDTH = 1_200;
    private static final long README_BYTES = 100 * 1024;

    @TempDir
    static Path home;

    private static Chromium chromium;
    private static GatewayProcess gateway;

    /**
     * Something to look at.
     *
     * @param has what is there when it is ready to be looked at
     * @param open what one does on the page to see it
     */
    private record View(String name, String path, String has, Consumer<Page> open) {
        View(String name, String path, String has) {
            this(name, path, has, page -> {});
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<View> views() {
        return Stream.of(
                new View("fleet", "/", "worker"),
                new View("new-instance", "/", "Start it now", page -> button(page, "New instance")
                        .click()),
                new View("menu", "/", "Clone…", page -> button(page, "More for spare-worker")
                        .click()),
                new View("question", "/", "Its process is asked to end", page -> button(page, "Stop worker")
                        .click()),
                new View("palette", "/", "Dead letters", page -> page.keyboard().press("Control+k")),
                new View("shortcuts", "/", "Search on this page", page -> page.keyboard()
                        .press("?")),
                new View("logs", "/instances/worker", "done:"),
                new View("logs-paused", "/instances/worker", "Jump to live", page -> button(page, "Pause")
                        .click()),
                new View("search", "/logs?q=done", "of logs"),
                new View("search-wrong", "/logs?since=soon", "is no moment"),
                new View("health", "/instances/worker/health", "PID"),
                new View("settings", "/instances/worker/settings", "Command"),
                new View("history", "/instances/worker/history", "instance"),
                new View("failed", "/instances/printer", "It died"),
                new View("messages", "/messages", "acknowledged"),
                new View("message", "/messages?q=acknowledged", "Payload", page -> page.locator("tbody .c-status")
                        .first()
                        .click()),
                new View("chain", "/messages?q=acknowledged", "All messages", page -> page.locator(".chip")
                        .last()
                        .click()),
                new View("dead-letters", "/messages/dead", "cannot be done"),
                new View("chat", "/chat", "read_log", PagesIT::talk),
                new View("chat-empty", "/chat", "Ask about the fleet"),
                new View("market", "/market", "AAPL"),
                new View("order", "/market", "Client order id", page -> page.locator(".order-open")
                        .first()
                        .click()),
                new View("order-confirm", "/market", "Confirm and send", page -> page.getByText("Confirm…")
                        .first()
                        .click()),
                new View("approvals", "/approvals", "Waiting for you"),
                new View("events", "/events", "Events"),
                new View("audit", "/events/audit", "gateway"),
                new View("no-such-page", "/no/such/page", "no such page"),
                new View("no-such-instance", "/instances/nobody", "There is no nobody"));
    }

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
    @MethodSource("views")
    void a_page_is_seen_heard_and_carried_along(View view) {
        try (Visitor visitor = chromium.visitor()) {
            Page page = visitor.open("http://127.0.0.1:" + gateway.port() + view.path());
            assertThat(Visitor.link(page)).hasText("Live");
            view.open().accept(page);
            assertThat(page.locator("body")).containsText(view.has(), Visitor.patiently());
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                String theme = scheme.name().toLowerCase(Locale.ROOT);
                assertThat(page.locator("html")).hasAttribute("data-theme", theme);
                Visitor.picture(page, view + "-" + theme);
                assertThat(Visitor.barriers(page)).as(view + " " + theme).isEmpty();
            }

            page.setViewportSize(PHONE_WIDTH, 844);

            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .as("width of the page on a phone")
                    .isLessThanOrEqualTo(PHONE_WIDTH);
            assertThat(Visitor.link(page)).isVisible();
            Visitor.picture(page, view + "-phone");
            assertThat(Visitor.barriers(page)).as(view + " on a phone").isEmpty();
        }
    }

    /** {@code fleet.png} of {@code gateway/docs} is what this leaves in {@code target/screenshots}. */
    @Test
    void the_picture_of_the_readme_says_what_is_wrong_with_the_demo_and_why_and_is_small() throws IOException {
        try (Visitor visitor = chromium.visitor(new Browser.NewContextOptions()
                .setViewportSize(README_WIDTH, 470)
                .setColorScheme(ColorScheme.LIGHT))) {
            Page page = visitor.open("http://127.0.0.1:" + gateway.port() + "/");
            assertThat(Visitor.row(page, "printer").locator(".reason"))
                    .containsText("It died 5 times", Visitor.patiently());
            assertThat(Visitor.row(page, "worker")).containsText("online");

            Path picture = Visitor.picture(page, "readme-fleet");

            assertThat(Visitor.row(page, "printer").locator(".reason")).isInViewport();
            assertThat(Files.size(picture)).as("bytes").isLessThan(README_BYTES);
        }
    }

    @Test
    void what_keeps_people_from_a_page_is_found() {
        try (Visitor visitor = chromium.visitor()) {
            Page page = visitor.open("about:blank");
            page.setContent("<main><img src='data:,'><p style='color:#ccc;background:#fff'>pale</p></main>");
            assertThat(Visitor.barriers(page))
                    .anyMatch(found -> found.startsWith("image-alt (critical)") && found.contains("<img"))
                    .anyMatch(found -> found.startsWith("color-contrast"));
        }
    }

    private static void talk(Page page) {
        for (String question : new String[] {"What is wrong?", "/logs worker 5"}) {
            Chats.ask(page, question);
            assertThat(Chats.answer(page).locator(".turn-foot")).isVisible();
        }
        page.locator(".tool summary").last().click();
    }
}
