package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** All of the dashboard, without a mouse. */
class KeyboardIT extends WithDashboard {
    @Override
    void furnish() {
        dashboard.create("alpha", "sleep", "1000");
        dashboard.create("beta", "sleep", "1000");
    }

    @Test
    void the_palette_goes_anywhere_and_does_anything() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            page.keyboard().press("Control+k");
            Locator palette = page.getByRole(AriaRole.DIALOG);
            assertThat(palette.getByRole(AriaRole.COMBOBOX)).isFocused();
            page.keyboard().type("beta");
            assertThat(palette.getByRole(AriaRole.OPTION).first()).containsText("beta");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "palette");
            page.keyboard().press("Enter");
            assertThat(page).hasURL(dashboard.url("/instances/beta"));
            assertThat(palette).isHidden();

            page.keyboard().press("Control+k");
            page.keyboard().type("start beta");
            page.keyboard().press("Enter");
            assertThat(page.locator(".states")).containsText("running");

            page.keyboard().press("Control+k");
            page.keyboard().type("nothing is called this");
            assertThat(palette).containsText("Nothing of that name");
            page.keyboard().press("Escape");
            assertThat(palette).isHidden();
        }
    }

    @Test
    void two_letters_go_to_a_page() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            press(page, "g", "m");
            assertThat(page).hasURL(dashboard.url("/messages"));
            press(page, "g", "e");
            assertThat(page).hasURL(dashboard.url("/events"));
            press(page, "g", "l");
            assertThat(page).hasURL(dashboard.url("/logs"));
            press(page, "g", "a");
            assertThat(page).hasURL(dashboard.url("/approvals"));
            press(page, "g", "k");
            assertThat(page).hasURL(dashboard.url("/market"));
            press(page, "g", "f");
            assertThat(page).hasURL(dashboard.url("/"));
            press(page, "g", "c");
            assertThat(page).hasURL(dashboard.url("/chat"));
        }
    }

    @Test
    void a_slash_searches_and_escape_leaves() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            page.keyboard().press("/");
            Locator search = page.getByLabel("Search the fleet");
            assertThat(search).isFocused();
            page.keyboard().type("g?alp");
            assertThat(search).hasValue("g?alp");
            page.keyboard().press("Escape");
            assertThat(search).hasValue("");
            assertThat(search).not().isFocused();
        }
    }

    @Test
    void a_question_mark_shows_every_shortcut() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            page.keyboard().press("?");
            Locator sheet = page.getByRole(AriaRole.DIALOG);
            assertThat(sheet).containsText("Go anywhere, do anything");
            assertThat(sheet).containsText("Search on this page");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "shortcuts");
            page.keyboard().press("Escape");
            assertThat(sheet).isHidden();
        }
    }

    @Test
    void a_menu_is_opened_walked_and_left_by_keys() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            Locator more = Visitor.button(page, "More for alpha");
            more.focus();
            page.keyboard().press("Enter");
            Locator items = page.getByRole(AriaRole.MENUITEM);
            assertThat(items.first()).isFocused();
            page.keyboard().press("ArrowDown");
            assertThat(items.nth(1)).isFocused();
            page.keyboard().press("Escape");
            assertThat(items.first()).isHidden();
            assertThat(more).isFocused();
        }
    }

    @Test
    void the_focus_is_kept_in_a_dialog_and_given_back() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            Locator opener = Visitor.button(page, "New instance");
            opener.focus();
            page.keyboard().press("Enter");
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(dialog.locator("[name=name]")).isFocused();
            for (int i = 0; i < 4; i++) {
                page.keyboard().press("Tab");
                assertThat((Boolean) page.evaluate("document.activeElement === document.body"
                                + " || document.querySelector('dialog').contains(document.activeElement)"))
                        .isTrue();
            }
            page.keyboard().press("Escape");
            assertThat(opener).isFocused();
        }
    }

    private Page open(Visitor visitor, String path) {
        Page page = visitor.open(dashboard.url(path));
        assertThat(link(page)).hasText("Live");
        assertThat(Visitor.row(page, "beta")).isVisible();
        return page;
    }

    private static void press(Page page, String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }
}
