package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.gateway.testing.RunningGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a login is required. */
class LoginIT {
    @TempDir
    Path folder;

    @Test
    void one_logs_in_over_the_page_one_wanted_and_again_when_the_session_ends() {
        MovableTime time = new MovableTime();
        try (Chromium chromium = Chromium.launch();
                RunningGateway gateway = RunningGateway.start(folder, time, "auth.mode=required");
                Visitor visitor = chromium.visitor().expecting(LoginIT::isARefusal)) {
            List<String> addresses = new CopyOnWriteArrayList<>();
            visitor.context().onRequest(request -> addresses.add(request.url()));
            String wanted = gateway.http("/events/audit?q=login").toString();
            Page page = visitor.open(wanted);
            page.onWebSocket(socket -> addresses.add(socket.url()));
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(dialog).containsText("Log in to Fairlead");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "login");

            page.keyboard().press("Escape");
            assertThat(dialog).isVisible();
            logIn(dialog, "wrong");
            assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("password");
            assertThat(visitor.context().cookies()).isEmpty();

            logIn(dialog, RunningGateway.PASSWORD);
            assertThat(dialog).isHidden();
            assertThat(link(page)).hasText("Live");
            assertThat(page).hasURL(wanted);
            // The session's, and the one by which this browser is known again.
            assertThat(visitor.context().cookies()).hasSize(2).allSatisfy(cookie -> {
                assertThat(cookie.httpOnly).isTrue();
                assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
            });
            assertThat(page.evaluate("document.cookie")).isEqualTo("");

            time.advance(Duration.ofHours(13));

            assertThat(dialog).containsText("Your session has ended");
            assertThat(page).hasURL(wanted);
            logIn(dialog, RunningGateway.PASSWORD);
            assertThat(dialog).isHidden();
            assertThat(link(page)).hasText("Live");

            button(page, "Log out").click();
            assertThat(dialog).containsText("Log in to Fairlead");
            assertThat(visitor.context().cookies()).singleElement().satisfies(cookie -> assertThat(cookie.name)
                    .startsWith("fairlead_device_"));
            assertThat(addresses).isNotEmpty().allSatisfy(address -> assertThat(address)
                    .doesNotContain("token=")
                    .doesNotContain("eyJ")
                    .doesNotContain(RunningGateway.PASSWORD.split(" ", 2)[0]));
        }
    }

    @Test
    void a_link_logs_in_once_also_in_a_tab_that_shows_the_page_already() {
        try (Chromium chromium = Chromium.launch();
                RunningGateway gateway = RunningGateway.start(folder, "auth.mode=required");
                Visitor visitor = chromium.visitor().expecting(LoginIT::isARefusal)) {
            String home = gateway.http("/").toString();
            String used = key(gateway);
            Page page = visitor.open(home + "#key=" + used);
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(link(page)).hasText("Live");
            assertThat(dialog).isHidden();
            assertThat(page).hasURL(home);

            button(page, "Log out").click();
            assertThat(dialog).containsText("Log in to Fairlead");
            page.evaluate("key => location.hash = 'key=' + key", used);
            assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("not good any more");
            assertThat(page).hasURL(home);
            Visitor.picture(page, "login-link-used");
            page.evaluate("key => location.hash = 'key=' + key", key(gateway));
            assertThat(dialog).isHidden();
            assertThat(link(page)).hasText("Live");
            assertThat(page).hasURL(home);
        }
    }

    private static String key(RunningGateway gateway) {
        return gateway.post("/api/admin/login-keys", "{}", "Authorization", "Bearer " + RunningGateway.PASSWORD)
                .body()
                .path("key")
                .asText();
    }

    private static void logIn(Locator dialog, String password) {
        dialog.locator("[name=password]").fill(password);
        button(dialog, "Log in").click();
    }

    /** Chromium itself writes to the console of every answer that is a refusal. */
    private static boolean isARefusal(String complaint) {
        return complaint.contains("401") || complaint.contains("WebSocket connection to");
    }
}
