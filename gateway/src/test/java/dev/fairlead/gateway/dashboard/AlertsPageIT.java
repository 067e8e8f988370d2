package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.HttpReceiver;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What calls for attention is seen wherever one is, and can be quieted. */
class AlertsPageIT extends WithDashboard {
    private static final LocatorAssertions.IsVisibleOptions PATIENTLY =
            new LocatorAssertions.IsVisibleOptions().setTimeout(60_000);

    private final HttpReceiver receiver = new HttpReceiver();

    @Override
    String[] settings() {
        return new String[] {
            "alerts.webhook_url=" + receiver.url("/hook"),
            "alerts.rules=instance_failed@broken",
            "instances.health_interval=200ms"
        };
    }

    @AfterAll
    void closeReceiver() {
        receiver.close();
    }

    @Test
    void a_failure_calls_from_the_navigation_the_title_and_the_icon_until_it_is_over() {
        dashboard.create("broken", "sh", "-c", "exit 3");
        try (Visitor visitor =
                dashboard.visitor(new Browser.NewContextOptions().setPermissions(List.of("notifications")))) {
            Page page = visitor.open(dashboard.url("/alerts"));
            assertThat(page).hasTitle("Alerts · Fairlead");
            page.evaluate("() => { window.told = []; window.Notification = class {"
                    + " static requestPermission() { return Promise.resolve('granted'); }"
                    + " constructor(title, options) { window.told.push(title + ' ' + options.body); } }; }");
            button(page, "Notify in this browser").click();
            assertThat(button(page, "Notify in this browser")).hasAttribute("aria-pressed", "true");

            dashboard.gateway().post("/api/instances/broken/start", "");

            Locator alert = page.getByRole(AriaRole.ROW)
                    .filter(new Locator.FilterOptions().setHasText("Instance broken failed"));
            assertThat(alert).containsText("firing");
            assertThat(page).hasTitle("(1) Alerts · Fairlead");
            assertThat(page.locator("link[rel=icon]")).hasAttribute("href", Pattern.compile("favicon-alert"));
            assertThat(calls(page, "Alerts")).hasText("1firing");
            page.waitForFunction("() => window.told.length === 1");
            assertThat(page.evaluate("() => window.told[0]").toString()).contains("broken", "failed");
            assertThat(Visitor.barriers(page)).isEmpty();

            alert.getByRole(AriaRole.BUTTON).click();
            assertThat(alert).containsText("silenced");
            assertThat(page).hasTitle("Alerts · Fairlead");
            alert.getByRole(AriaRole.BUTTON).click();
            assertThat(alert).containsText("firing");
            dashboard.bring("broken", "archive", "stopped");

            assertThat(alert).containsText("resolved");
            assertThat(page.locator("link[rel=icon]")).hasAttribute("href", Pattern.compile("favicon\\."));
            assertThat(calls(page, "Alerts")).isHidden();
        }
    }

    @Test
    void rules_are_added_and_removed_and_the_receivers_tried() {
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("status of 400"))) {
            Page page = visitor.open(dashboard.url("/alerts/rules"));
            button(page, "Send a test").click();
            assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("webhook: told")))
                    .isVisible();
            await().until(() -> !receiver.at("/hook").isEmpty());
            button(page, "Add a rule").click();
            page.locator("[name=rule]").fill("nonsense");
            button(page, "Add").click();
            assertThat(page.getByRole(AriaRole.ALERT)).containsText("one of the kinds");
            page.locator("[name=rule]").fill("log_line@web=FATAL");
            button(page, "Add").click();

            Locator rule =
                    page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("log_line@web=FATAL"));
            assertThat(rule).containsText("added");
            assertThat(Visitor.barriers(page)).isEmpty();
            rule.getByText("Remove").click();
            assertThat(rule).isHidden();
        }
    }

    @Override
    void furnish() {
        // Given up after five deaths, which takes it some ten seconds.
        dashboard
                .gateway()
                .post(
                        "/api/instances",
                        "{\"name\":\"z-dead\",\"command\":[\"sh\",\"-c\",\"exit 3\"],\"restart\":\"always\"}");
        dashboard.gateway().post("/api/instances/z-dead/start", "");
        dashboard
                .gateway()
                .post(
                        "/api/instances",
                        "{\"name\":\"a-unwell\",\"command\":[\"sleep\",\"1000\"],\"port\":18999,"
                                + "\"health\":{\"type\":\"tcp\"}}");
        dashboard.gateway().post("/api/instances/a-unwell/start", "");
    }

    @Test
    void what_is_in_trouble_is_sorted_by_how_bad_it_is() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/?show=trouble"));
            assertThat(row(page, "a-unwell")).isVisible(PATIENTLY);
            assertThat(row(page, "z-dead")).isVisible(PATIENTLY);

            // By their names it would be the other way round.
            assertThat(page.locator("tbody tr a.name").first()).hasText("z-dead");
            assertThat(calls(page, "Fleet")).hasText("2in trouble");
        }
    }

    private static Locator calls(Page page, String name) {
        return page.locator("nav.side li")
                .filter(new Locator.FilterOptions().setHasText(name))
                .locator(".count");
    }
}
