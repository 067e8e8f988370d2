package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** One instance: how it is, what it is started with, what was done with it. */
class InstancePageIT extends WithDashboard {
    /** Samples come every five seconds. */
    private static final LocatorAssertions.ContainsTextOptions SLOWLY =
            new LocatorAssertions.ContainsTextOptions().setTimeout(60_000);

    @Test
    void why_it_failed_is_read_in_the_fleet_and_on_its_page() {
        dashboard.create("broken", "sh", "-c", "printf '\\033[31mno disk\\033[0m\\n'; exit 3");
        dashboard.bring("broken", "start", "stopped");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            assertThat(row(page, "broken").locator(".reason")).containsText("exited with code 3");
            row(page, "broken").getByRole(AriaRole.LINK).click();
            assertThat(page.locator(".failure")).containsText("exited with code 3");
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Health"))
                    .click();
            assertThat(page.locator(".facts").first()).containsText("Last exit");
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    @Test
    void what_its_processes_use_stands_in_the_fleet_and_as_lines_over_the_last_hour() {
        dashboard.create("used", "sleep", "1000");
        dashboard.bring("used", "start", "running");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            assertThat(row(page, "used").locator(".c-memory")).containsText("MiB", SLOWLY);
            assertThat(row(page, "used").locator(".c-cpu")).containsText("%", SLOWLY);
            assertThat(row(page, "used").getByLabel("At most")).hasCount(2);
            assertThat(page.locator(".health")).containsText("CPU", SLOWLY);

            row(page, "used").getByRole(AriaRole.LINK).click();
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Health"))
                    .click();
            assertThat(page.getByLabel("Memory in the last hour")).isVisible();
            assertThat(page.getByLabel("CPU in the last hour")).isVisible();
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    @Test
    void settings_change_while_it_is_stopped_and_the_history_says_who_changed_them() {
        dashboard.create("changed", "sleep", "1000");
        dashboard.bring("changed", "start", "running");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/instances/changed/settings"));
            assertThat(button(page, "Change…")).isDisabled();
            assertThat(page.locator("main")).containsText("Stop it first");
            button(page, "Stop").click();
            button(page.getByRole(AriaRole.DIALOG), "Stop").click();

            button(page, "Change…").click();
            page.locator("[name=command]").fill("sleep 2000");
            page.locator("[name=memory_max]").fill("256MiB");
            page.locator("[name=cpu_max]").fill("0.5");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "settings-change");
            button(page, "Save").click();

            assertThat(page.locator(".facts")).containsText("sleep 2000");
            assertThat(page.locator(".facts")).containsText("256MiB of memory, 0.5 cores");
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("History"))
                    .click();
            assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("History of")))
                    .containsText("exited");
            assertThat(Visitor.barriers(page)).isEmpty();
            Locator change = page.getByRole(AriaRole.ROW)
                    .filter(new Locator.FilterOptions().setHasText("instance.stop"))
                    .first();
            assertThat(change).containsText("operator");
        }
    }

    @Test
    void its_schedule_changes_while_it_runs_and_what_is_wrong_with_it_is_said_at_its_field() {
        dashboard.create("by-itself", "sleep", "1000");
        dashboard.bring("by-itself", "start", "running");
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("400"))) {
            Page page = visitor.open(dashboard.url("/instances/by-itself/settings"));
            button(page, "Change schedule…").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.locator("[name=schedule_what]").selectOption("cron");
            dialog.locator("[name=schedule_cron]").fill("61 6 * * *");
            assertThat(Visitor.barriers(page)).isEmpty();
            button(dialog, "Save").click();
            assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("“When” is minute, hour");
            dialog.locator("[name=schedule_cron]").fill("30 6 * * 1-5");
            dialog.locator("[name=schedule_zone]").fill("Europe/Berlin");
            button(dialog, "Save").click();

            assertThat(page.locator(".facts")).containsText("30 6 * * 1-5 (Europe/Berlin); next at");
            button(page, "Change schedule…").click();
            assertThat(dialog.locator("[name=schedule_zone]")).hasValue("Europe/Berlin");
            dialog.locator("[name=schedule_what]").selectOption("at");
            dialog.locator("[name=schedule_at]").fill("2001-01-01 10:00");
            button(dialog, "Save").click();
            assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("That time is over");
            dialog.locator("[name=schedule_at]").fill("2101-01-01T10:00:00Z");
            button(dialog, "Save").click();
            assertThat(page.locator(".facts")).containsText("once, at 2101-01-01T10:00:00");
            button(page, "Change schedule…").click();
            dialog.locator("[name=schedule_what]").selectOption("");
            button(dialog, "Save").click();
            assertThat(page.locator(".facts")).not().containsText("once, at");
        }
    }

    @Test
    void labels_change_while_it_runs_and_a_view_is_kept_by_its_address() {
        dashboard.create("labelled", "sleep", "1000");
        dashboard.bring("labelled", "start", "running");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/instances/labelled/settings"));
            button(page, "Change labels…").click();
            page.getByRole(AriaRole.DIALOG).locator("[name=labels]").fill("owner=ann, tier=web");
            button(page.getByRole(AriaRole.DIALOG), "Save").click();
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("owner=ann"))
                    .click();
            assertThat(page).hasURL(dashboard.url("/?l=owner%3Dann"));
            assertThat(row(page, "labelled")).containsText("tier=web");

            button(page, "Views").click();
            page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName("Keep this view…"))
                    .click();
            page.getByRole(AriaRole.DIALOG).locator("[name=name]").fill("Ann's");
            button(page.getByRole(AriaRole.DIALOG), "Keep").click();
            page.navigate(dashboard.url("/"));
            button(page, "Views").click();
            page.getByRole(
                            AriaRole.MENUITEM,
                            new Page.GetByRoleOptions().setName("Ann's").setExact(true))
                    .click();
            assertThat(page).hasURL(dashboard.url("/?l=owner%3Dann"));
        }
    }
}
