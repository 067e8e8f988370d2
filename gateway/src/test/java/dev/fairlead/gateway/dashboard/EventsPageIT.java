package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** What happens, as it happens, and who did what. */
class EventsPageIT extends WithDashboard {
    @Test
    void what_happens_appears_at_once_and_leads_to_whom_it_happened() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/events"));
            assertThat(Visitor.link(page)).hasText("Live");

            dashboard.create("watched", "sleep", "1000");
            dashboard.bring("watched", "start", "running");

            Locator running = row(page, "watched").filter(new Locator.FilterOptions().setHasText("running"));
            assertThat(running).isVisible();
            assertThat(row(page, "watched").filter(new Locator.FilterOptions().setHasText("created")))
                    .isVisible();
            running.getByRole(AriaRole.LINK).click();
            assertThat(page).hasURL(dashboard.url("/instances/watched"));
        }
    }

    @Test
    void kind_and_search_are_in_the_address_and_survive_a_reload() {
        dashboard.create("sought", "sleep", "1000");
        dashboard.create("other", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/events"));
            assertThat(row(page, "other")).isVisible();
            page.getByLabel("Search events").fill("sought created");
            assertThat(row(page, "other")).isHidden();
            kinds(page).getByText("Instances").click();
            assertThat(page).hasURL(dashboard.url("/events?q=sought+created&group=instances"));

            page.reload();

            assertThat(page.getByLabel("Search events")).hasValue("sought created");
            assertThat(row(page, "sought")).isVisible();
            assertThat(row(page, "other")).isHidden();
            kinds(page).getByText("Token").click();
            assertThat(page.locator("main")).containsText("Nothing has happened that is like that");
        }
    }

    @Test
    void what_happened_before_the_last_hundred_is_read_on_demand_to_the_first() {
        dashboard.create("first-of-all", "sleep", "1000");
        for (int i = 0; i < 110; i++) {
            dashboard.create("later-" + i, "sleep", "1000");
        }
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/events?q=first-of-all"));
            assertThat(page.locator(".table-foot")).containsText("0 events");
            Visitor.button(page, "Older").click();
            assertThat(row(page, "first-of-all")).isVisible();
            assertThat(Visitor.button(page, "Older")).isHidden();
            dashboard.create("last-of-all", "sleep", "1000");
            page.getByLabel("Search events").fill("of-all");
            assertThat(row(page, "last-of-all")).isVisible();
            assertThat(row(page, "first-of-all")).isVisible();
        }
    }

    @Test
    void the_audit_trail_says_who_did_what_with_what() {
        dashboard.create("audited", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/events/audit?q=audited"));
            assertThat(row(page, "audited")).containsText("operator");
            assertThat(row(page, "audited")).containsText("instance.create");
            dashboard.create("audited-too", "sleep", "1000");
            Visitor.button(page, "Refresh").click();
            assertThat(row(page, "audited-too")).isVisible();
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    private static Locator row(Page page, String name) {
        return page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByText(name, new Page.GetByTextOptions().setExact(true))));
    }

    private static Locator kinds(Page page) {
        return page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Kind"));
    }
}
