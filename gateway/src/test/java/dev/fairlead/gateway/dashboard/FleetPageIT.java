package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.KeyboardModifier;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.WsClient;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fleet as an operator sees it and acts on it. */
class FleetPageIT extends WithDashboard {
    @Test
    void an_instance_is_created_and_started_in_one_dialog() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            page.getByRole(AriaRole.BUTTON, named("New instance")).first().click();
            Locator dialog = page.getByRole(AriaRole.DIALOG, named("New instance"));
            dialog.locator("[name=name]").fill("made-here");
            dialog.locator("[name=command]").fill("sh -c 'echo \"I run\"; exec sleep 1000'");
            assertThat(dialog.locator(".argv code")).hasCount(3);
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "new-instance");
            button(dialog, "Create").click();

            assertThat(page).hasURL(dashboard.url("/instances/made-here"));
            assertThat(page.getByRole(AriaRole.LOG)).containsText("I run");
            assertThat(page.locator(".states")).containsText("running");
            page.goBack();
            assertThat(row(page, "made-here")).containsText("running");
        }
    }

    @Test
    void what_is_refused_is_said_in_the_dialog_which_stays() {
        dashboard.create("taken", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("409"))) {
            Page page = visitor.open(dashboard.url("/"));
            page.getByRole(AriaRole.BUTTON, named("New instance")).first().click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.locator("[name=name]").fill("taken");
            dialog.locator("[name=command]").fill("sleep 1000");
            button(dialog, "Create").click();

            assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("taken");
            assertThat(dialog.locator("[name=name]")).hasValue("taken");
            page.keyboard().press("Escape");
            assertThat(dialog).isHidden();
        }
    }

    @Test
    void an_instance_goes_through_all_of_its_life() {
        dashboard.create("one", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            Locator row = row(page, "one");
            button(row, "Start one").click();
            assertThat(row).containsText("running");

            Locator pid = row.locator(".c-pid");
            String before = pid.textContent();
            button(row, "Restart one").click();
            button(page.getByRole(AriaRole.DIALOG), "Restart").click();
            assertThat(pid).not().hasText(before);
            assertThat(row).containsText("running");

            button(row, "Stop one").click();
            assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Stop one?");
            button(page.getByRole(AriaRole.DIALOG), "Cancel").click();
            assertThat(row).containsText("running");
            button(row, "Stop one").click();
            button(page.getByRole(AriaRole.DIALOG), "Stop").click();
            assertThat(row).containsText("stopped");

            choose(page, row, "one", "Archive…");
            button(page.getByRole(AriaRole.DIALOG), "Archive").click();
            assertThat(row).isHidden();
            page.getByRole(AriaRole.BUTTON, named("Archived")).click();
            assertThat(page).hasURL(dashboard.url("/?show=archived"));
            assertThat(row).containsText("archived");

            choose(page, row, "one", "Delete…");
            Locator question = page.getByRole(AriaRole.DIALOG);
            assertThat(question).containsText("cannot be undone");
            assertThat(Visitor.barriers(page)).isEmpty();
            assertThat(button(question, "Cancel")).isFocused();
            assertThat(button(question, "Delete for good")).isDisabled();
            question.getByRole(AriaRole.TEXTBOX).fill("one");
            button(question, "Delete for good").click();
            assertThat(row).isHidden();
        }
        assertThat(dashboard.gateway().get("/api/instances/one").status()).isEqualTo(404);
    }

    @Test
    void what_is_selected_by_mouse_or_keyboard_is_stopped_and_archived_with_one_question() {
        for (String name : List.of("a-1", "a-2", "a-3", "b-1")) {
            String labels = "{\"team\":\"" + name.charAt(0) + "\"}";
            dashboard.create(name, "sleep", "1000");
            dashboard.gateway().send("PATCH", "/api/instances/" + name, "{\"labels\":" + labels + "}");
        }
        dashboard.bring("a-1", "start", "running");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/?q=team"));
            button(row(page, "a-2"), "team=a").click();
            assertThat(page).hasURL(dashboard.url("/?q=team&l=team%3Da"));
            assertThat(row(page, "b-1")).isHidden();
            page.getByLabel("Labels", exactly()).fill("team in (a,b),");
            assertThat(page.locator(".nothing")).containsText("no selector");
            page.getByLabel("Labels", exactly()).fill("team in (a,b)");
            page.getByLabel("Group by").selectOption("team");
            assertThat(page.locator("tr.group")).hasText(new String[] {"team=a 3", "team=b 1"});

            page.getByLabel("Select a-1").focus();
            page.keyboard().press("Space");
            page.keyboard().press("Shift+ArrowDown");
            page.keyboard().press("Shift+ArrowDown");
            Locator bar = page.getByRole(AriaRole.TOOLBAR);
            assertThat(bar).containsText("3 selected");
            page.keyboard().press("Escape");
            assertThat(bar).isHidden();
            page.getByLabel("Select a-1").click();
            page.getByLabel("Select a-3")
                    .click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
            assertThat(bar).containsText("3 selected");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "bulk");

            button(bar, "Archive…").click();
            Locator question = page.getByRole(AriaRole.DIALOG);
            assertThat(question).containsText("a-1, a-2, a-3");
            button(question, "Archive 3 instances").click();
            assertThat(page.locator("tr.below")).containsText("stop it first");
            assertThat(row(page, "a-2")).isHidden();
            assertThat(page.locator(".toasts")).containsText("2 archived, 1 refused");
            assertThat(bar).containsText("1 selected");
            button(bar, "Stop…").click();
            button(question, "Stop a-1").click();
            assertThat(row(page, "a-1")).containsText("stopped");
        }
    }

    @Test
    void a_clone_has_the_settings_and_a_port_of_its_own() {
        dashboard.create("original", "sleep", "1234");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            choose(page, row(page, "original"), "original", "Clone…");
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.locator("[name=name]").fill("copy");
            button(dialog, "Clone").click();

            assertThat(page).hasURL(dashboard.url("/instances/copy"));
            page.getByRole(AriaRole.LINK, named("Settings")).click();
            assertThat(page.locator(".facts")).containsText("sleep 1234");
        }
        assertThat(dashboard.gateway().get("/api/instances/copy").body().path("port"))
                .isNotEqualTo(dashboard
                        .gateway()
                        .get("/api/instances/original")
                        .body()
                        .path("port"));
    }

    @Test
    void what_fails_is_said_at_the_row_with_the_reason() {
        dashboard.create("gone", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("409"))) {
            Page page = visitor.open(dashboard.url("/"));
            Locator row = row(page, "gone");
            assertThat(row).containsText("stopped");
            // Somebody else starts it while this page's order is on its way.
            page.route("**/api/instances/gone/start", route -> {
                dashboard.bring("gone", "start", "running");
                route.resume();
            });
            button(row, "Start gone").click();

            Locator note = page.locator("tr.below").getByRole(AriaRole.ALERT);
            assertThat(note).containsText("gone");
            Visitor.picture(page, "failure-at-the-row");
            button(note, "Dismiss").click();
            assertThat(note).isHidden();
        }
    }

    @Test
    void a_program_that_is_not_there_is_said_where_it_was_typed() {
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("/api/instances"))) {
            Page page = visitor.open(dashboard.url("/"));
            page.getByRole(AriaRole.BUTTON, named("New instance")).first().click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.locator("[name=name]").fill("broken");
            dialog.locator("[name=command]").fill("/no/such/program");
            button(dialog, "Create").click();

            assertThat(dialog.getByRole(AriaRole.ALERT))
                    .containsText("no executable file is found for the command's first word");
        }
    }

    @Test
    void a_wrong_field_that_is_folded_away_is_opened_named_and_has_the_focus() {
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("/api/instances"))) {
            Page page = visitor.open(dashboard.url("/"));
            page.getByRole(AriaRole.BUTTON, named("New instance")).first().click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.locator("[name=name]").fill("folded");
            dialog.locator("[name=command]").fill("sleep 1000");
            Locator more = dialog.locator("details");
            dialog.getByText("Folder, account, variables, port, health").click();
            dialog.locator("[name=cwd]").fill("not/absolute");
            dialog.getByText("Folder, account, variables, port, health").click();
            assertThat(dialog.locator("[name=cwd]")).isHidden();

            // The browser's own check.
            button(dialog, "Create").click();
            assertThat(dialog.locator("[name=cwd]")).isFocused();

            // The page's.
            dialog.locator("[name=cwd]").fill("");
            dialog.locator("[name=env]").fill("no variable");
            dialog.getByText("Folder, account, variables, port, health").click();
            button(dialog, "Create").click();
            assertThat(dialog.locator("[name=env]")).isFocused();
            assertThat(more.getByRole(AriaRole.ALERT)).containsText("'no variable' is no NAME=value");
            assertThat(Visitor.barriers(page)).isEmpty();

            // The gateway's.
            dialog.locator("[name=env]").fill("PORT=1");
            assertThat(more.getByRole(AriaRole.ALERT)).isHidden();
            dialog.getByText("Folder, account, variables, port, health").click();
            button(dialog, "Create").click();
            assertThat(dialog.locator("[name=env]")).isFocused();
            assertThat(more.getByRole(AriaRole.ALERT)).containsText("“Variables” is set by the gateway");
            Visitor.picture(page, "wrong-field");
        }
    }

    @Test
    void what_is_typed_as_a_form_opens_does_not_send_it() {
        dashboard.create("typed-ahead", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            assertThat(row(page, "typed-ahead")).isVisible();
            page.evaluate("""
                    () => new MutationObserver(() => {
                        const form = document.querySelector("dialog form");
                        if (form !== null && window.early === undefined) {
                            form.querySelector("[name=name]").value = "sent-too-early";
                            window.early = form.querySelector("[type=submit]").disabled;
                            form.requestSubmit();
                        }
                    }).observe(document.body, { childList: true, subtree: true })""");
            choose(page, row(page, "typed-ahead"), "typed-ahead", "Clone…");
            Locator dialog = page.getByRole(AriaRole.DIALOG);

            assertThat(button(dialog, "Clone")).isEnabled();
            assertThat((Boolean) page.evaluate("window.early")).isTrue();
            assertThat(dialog).isVisible();
            assertThat(dialog.locator("[name=name]")).isFocused();
        }
        assertThat(dashboard.gateway().get("/api/instances/sent-too-early").status())
                .isEqualTo(404);
    }

    @Test
    void an_answer_that_comes_late_undoes_nothing_the_stream_told() {
        dashboard.create("swift", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor();
                WsClient stream = WsClient.connect(dashboard.gateway().ws("/ws/instances"))) {
            Page page = visitor.open(dashboard.url("/instances/swift"));
            assertThat(Visitor.link(page)).hasText("Live");
            page.route("**/api/instances/swift/start", route -> {
                APIResponse answer = route.fetch();
                stream.next(frame -> frame.path("name").asText().equals("swift")
                        && frame.path("status").asText().equals("running"));
                route.fulfill(new Route.FulfillOptions().setResponse(answer));
            });
            button(page, "Start").click();

            assertThat(button(page, "Stop")).isEnabled();
            assertThat(page.locator(".states")).hasText("running");
        }
    }

    @Test
    void search_and_view_are_in_the_address_and_survive_a_reload() {
        dashboard.create("needle", "sleep", "1000");
        dashboard.create("haystack", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            page.getByLabel("Search the fleet").fill("needl");
            assertThat(row(page, "needle")).isVisible();
            assertThat(row(page, "haystack")).isHidden();
            assertThat(page).hasURL(dashboard.url("/?q=needl"));

            page.reload();

            assertThat(page.getByLabel("Search the fleet")).hasValue("needl");
            assertThat(row(page, "needle")).isVisible();
            assertThat(row(page, "haystack")).isHidden();
            page.getByRole(AriaRole.GROUP, named("Show")).getByText("Up").click();
            assertThat(page.locator("main")).containsText("Nothing here is like that");
        }
    }

    @Test
    void theme_and_order_are_remembered() {
        dashboard.create("aaa", "sleep", "1000");
        dashboard.create("zzz", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor(new Browser.NewContextOptions().setColorScheme(ColorScheme.LIGHT))) {
            Page page = visitor.open(dashboard.url("/?q=stopped"));
            assertThat(page.locator("a.name").first()).hasText("aaa");
            button(page, "Name").click();
            assertThat(page.locator("a.name").first()).hasText("zzz");
            button(page, "Switch between dark and light").click();
            assertThat(page.locator("html")).hasAttribute("data-theme", "dark");

            page.reload();

            assertThat(page.locator("a.name").first()).hasText("zzz");
            assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 760, 1000, 1200, 1440})
    void at_no_width_is_a_state_or_an_action_out_of_sight(int width) {
        String name = "pocketed-" + width;
        String longName = name + "-with-the-longest-name-one-would-think-of";
        dashboard.create(name, "sleep", "1000");
        dashboard.create(longName, "sh", "-c", "echo " + "a-long-reason-".repeat(20) + "; exit 3");
        dashboard.bring(name, "start", "running");
        dashboard.bring(longName, "start", "stopped");
        try (Visitor visitor = dashboard.visitor(new Browser.NewContextOptions().setViewportSize(width, 844));
                WsClient agent = new Agents(dashboard.gateway()).register(name)) {
            agent.send("{\"subject\":\"agent.heartbeat\",\"data\":{}}");
            Page page = visitor.open(dashboard.url("/?q=" + name));
            assertThat(row(page, name)).containsText("online");
            assertThat(row(page, longName).locator(".reason")).containsText("exited with code 3");

            for (Locator reached : new Locator[] {
                row(page, name).locator(".pill").first(),
                button(page, "Stop " + name),
                button(page, "More for " + name),
                button(page, "More for " + longName)
            }) {
                assertThat(reached).isInViewport(new LocatorAssertions.IsInViewportOptions().setRatio(1));
            }
        }
    }

    @Test
    void agents_come_and_go_in_the_same_table() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            try (WsClient agent = new Agents(dashboard.gateway()).register("from-afar")) {
                agent.send("{\"subject\":\"agent.heartbeat\",\"data\":{}}");
                assertThat(row(page, "from-afar")).containsText("online");
            }
            assertThat(row(page, "from-afar")).containsText("offline");

            choose(page, row(page, "from-afar"), "from-afar", "Revoke");
            page.getByRole(AriaRole.DIALOG).getByRole(AriaRole.TEXTBOX).fill("from-afar");
            button(page.getByRole(AriaRole.DIALOG), "Revoke agent").click();
            assertThat(row(page, "from-afar")).isHidden();
        }
    }

    private static void choose(Page page, Locator row, String name, String item) {
        button(row, "More for " + name).click();
        page.getByRole(AriaRole.MENUITEM, named(item).setExact(true)).click();
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    private static Page.GetByLabelOptions exactly() {
        return new Page.GetByLabelOptions().setExact(true);
    }
}
