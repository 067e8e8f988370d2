package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** All logs at once, as one looks for a line in them. */
class AllLogsPageIT extends WithDashboard {
    private static final int MOST_LINES = 100;

    @Override
    String[] settings() {
        // Rotated later than usual, so that a log may grow at once by more than is searched in a moment.
        return new String[] {"logs.search_lines=" + MOST_LINES, "logs.rotate_size=64MiB"};
    }

    @Test
    void lines_of_all_logs_are_found_and_each_opens_where_it_stands() {
        Speaker web = dashboard.speaker("shop-web");
        Speaker cart = dashboard.speaker("shop-cart");
        web.say("before", "WARN  basket \u001b[31mlo\u001b[0mst", "behind");
        cart.say("{\"level\":\"error\",\"msg\":\"basket lost\"}", "basket found");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/");
            page.keyboard().press("g");
            page.keyboard().press("l");
            assertThat(page.getByRole(AriaRole.HEADING)).hasText("Logs");
            page.keyboard().press("/");
            page.keyboard().type("Basket lost");
            page.keyboard().press("Enter");

            assertThat(state(page)).containsText("2 lines in ");
            assertThat(results(page)).hasCount(2);
            assertThat(results(page).first()).containsText("shop-cart");
            assertThat(results(page).first().locator(".result-level")).hasText("error");
            assertThat(results(page).last()).containsText("WARN  basket lost");
            assertThat(page).hasURL(dashboard.url("/logs?q=Basket+lost"));
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "search-found");

            results(page).first().focus();
            page.keyboard().press("ArrowDown");
            assertThat(results(page).last()).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator(".log-target .log-text")).hasText("WARN  basket lost");
            assertThat(page.locator(".log-text").filter(containing("before"))).isVisible();
            assertThat(page.locator(".log-text").filter(containing("behind"))).isVisible();

            page.goBack();
            assertThat(results(page)).hasCount(2);
            assertThat(results(page).last()).hasAttribute("tabindex", "0");
            page.reload();
            assertThat(results(page)).hasCount(2);
        }
    }

    @Test
    void a_search_is_narrowed_by_level_time_instance_and_labels_and_its_address_is_all_of_it() {
        Speaker one = dashboard.speaker("narrow-one");
        Speaker two = dashboard.speaker("narrow-two");
        one.say("INFO  narrow", "ERROR narrow");
        two.say("WARN  narrow", "debug narrow", "Narrow");
        assertThat(dashboard
                        .gateway()
                        .send("PATCH", "/api/instances/narrow-two", "{\"labels\":{\"team\":\"narrow\"}}")
                        .status())
                .isEqualTo(200);
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/logs?q=narrow&level=warn&since=1h");
            assertThat(results(page)).hasCount(2);
            assertThat(page.getByLabel("Since")).hasValue("1h");

            page.getByLabel("Instances").fill("narrow-one");
            page.getByLabel("Instances").press("Enter");
            assertThat(results(page)).hasCount(1);
            assertThat(page).hasURL(Pattern.compile("instances=narrow-one"));

            page.getByLabel("Instances").fill("");
            page.getByLabel("Labels").fill("team=narrow");
            page.getByLabel("Level").selectOption("");
            page.getByLabel("Match case").check();
            page.getByLabel("Regular expression").check();
            page.getByLabel("Text").fill("^Narr.w$");
            button(page, "Search").click();
            assertThat(results(page)).hasCount(1);
            assertThat(results(page)).containsText("Narrow");

            page.reload();
            assertThat(results(page)).hasCount(1);
            assertThat(page.getByLabel("Regular expression")).isChecked();
            page.getByLabel("Until").fill("2001-01-01");
            page.getByLabel("Until").press("Enter");
            assertThat(state(page)).containsText("0 lines in ");
        }
    }

    @Test
    void what_is_wrong_is_said_at_its_field() {
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("/api/logs/search"))) {
            Page page = open(visitor, "/logs?since=soon");
            assertThat(page.getByLabel("Since")).isFocused();
            assertThat(page.locator(".field .wrong")).containsText("That is no moment: give 15m (ago)");
            assertThat(Visitor.barriers(page)).isEmpty();
            page.getByLabel("Since").fill("");

            page.getByLabel("Text").fill("took (");
            page.getByLabel("Regular expression").check();
            page.getByLabel("Text").press("Enter");
            assertThat(page.locator(".field .wrong")).containsText("“Text” is no regular expression");
            assertThat(page.getByLabel("Text")).hasAttribute("aria-invalid", "true");
            page.getByLabel("Text").fill("took");

            page.getByLabel("Instances").fill("nobody");
            page.getByLabel("Instances").press("Enter");
            assertThat(page.locator(".field .wrong")).containsText("No instance or agent named 'nobody'");
            page.getByLabel("Labels").fill("team=a");
            page.getByLabel("Labels").press("Enter");
            assertThat(page.locator(".field .wrong")).containsText("not both");
        }
    }

    @Test
    void a_search_that_was_not_through_says_so() {
        Speaker speaker = dashboard.speaker("much");
        speaker.count("plenty ", 1, MOST_LINES + 50);
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/instances/much");
            assertThat(page.locator(".log-text").filter(containing("plenty " + (MOST_LINES + 50))))
                    .isVisible();
            page.navigate(dashboard.url("/logs?q=plenty"));

            assertThat(results(page)).hasCount(MOST_LINES);
            assertThat(state(page)).containsText(MOST_LINES + " lines, and not all was searched");
            assertThat(Visitor.barriers(page)).isEmpty();
            results(page).first().focus();
            page.keyboard().press("End");
            assertThat(results(page).last()).isFocused();
            assertThat(results(page).last()).isInViewport();
            page.keyboard().press("Home");
            assertThat(results(page).first()).isFocused();
        }
    }

    @Test
    void lines_are_there_before_all_is_searched_and_one_may_stop() {
        dashboard.create(
                "slow", "sh", "-c", "echo xy; head -c 16000000 /dev/zero | tr '\\0' x | fold -w 1000; sleep 1000");
        dashboard.bring("slow", "start", "running");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "/instances/slow");
            assertThat(page.locator(".log-text").first()).isVisible();
            // An expression that takes its time for each of the lines.
            page.navigate(dashboard.url("/logs?q=(x*x*)*y&grep_mode=regex&instances=slow"));

            assertThat(results(page)).hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(20_000));
            assertThat(state(page)).containsText("Searching… 1 line so far");
            button(page, "Stop").click();
            assertThat(state(page)).containsText("Stopped. 1 line until then");
            assertThat(button(page, "Stop")).isHidden();
        }
    }

    @Test
    void several_logs_are_followed_at_once_each_line_with_its_name() {
        Speaker one = dashboard.speaker("live-one");
        Speaker two = dashboard.speaker("live-two");
        dashboard.speaker("live-other").say("not of these");
        one.say("first of one");
        two.say("first of two");
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("grep=("))) {
            Page page = open(visitor, "/");
            for (String name : new String[] {"live-one", "live-two"}) {
                page.getByLabel("Select " + name, new Page.GetByLabelOptions().setExact(true))
                        .check();
            }
            page.getByText("Follow logs").click();

            assertThat(page).hasURL(Pattern.compile("/logs/live\\?instances=live-one%2Clive-two$"));
            assertThat(line(page, "first of one").locator(".log-name")).hasText("live-one");
            assertThat(line(page, "first of two").locator(".log-name")).hasText("live-two");
            one.say("and on");
            assertThat(line(page, "and on").locator(".log-name")).hasText("live-one");
            two.say("after that");
            assertThat(page.locator(".log-line").last()).hasText(Pattern.compile("live-two.*after that"));
            assertThat(line(page, "not of these")).hasCount(0);
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "logs-live");

            button(page, "Pause").click();
            one.say("while it is paused");
            assertThat(page.getByText("Paused · 1 new · Jump to live")).isVisible();
            page.getByText("Jump to live").click();
            assertThat(line(page, "while it is paused")).isInViewport();

            page.getByLabel("Only lines with").fill("(");
            page.getByLabel("Regular expression").check();
            button(page, "Show").click();
            assertThat(page.locator(".field .wrong")).containsText("“Only lines with” is no regular expression");
            page.getByLabel("Only lines with").fill("of (one|two)$");
            page.getByLabel("Only lines with").press("Enter");
            assertThat(page.locator(".log-line")).hasCount(2);
            page.reload();
            assertThat(page.locator(".log-line")).hasCount(2);
            assertThat(link(page)).hasText("Live");
        }
    }

    @Test
    void what_a_label_selects_is_followed_and_one_that_is_archived_leaves_alone() {
        Speaker one = dashboard.speaker("picked-one");
        dashboard.speaker("picked-two").say("said by two");
        for (String name : new String[] {"picked-one", "picked-two"}) {
            assertThat(dashboard
                            .gateway()
                            .send("PATCH", "/api/instances/" + name, "{\"labels\":{\"live\":\"yes\"}}")
                            .status())
                    .isEqualTo(200);
        }
        try (Visitor visitor =
                dashboard.visitor().expecting(complaint -> complaint.contains("/api/instances/nobody/"))) {
            Page page = open(visitor, "/logs/live?l=live%3Dyes");
            assertThat(line(page, "said by two")).isVisible();
            assertThat(page.getByText("2 logs followed: picked-one, picked-two"))
                    .isVisible();
            dashboard.bring("picked-two", "stop", "stopped");
            assertThat(dashboard
                            .gateway()
                            .post("/api/instances/picked-two/archive", "")
                            .body()
                            .path("archived_at")
                            .isTextual())
                    .isTrue();
            assertThat(page.getByText("1 log followed: picked-one")).isVisible();
            one.say("goes on");
            assertThat(line(page, "goes on")).isVisible();
            assertThat(link(page)).hasText("Live");

            page.getByLabel("Labels").fill("");
            page.getByLabel("Instances").fill("nobody");
            page.getByLabel("Instances").press("Enter");
            assertThat(page.locator(".field .wrong")).containsText("No instance or agent is named 'nobody'");
            page.getByLabel("Instances").fill("picked-one");
            page.getByLabel("Labels").fill("=");
            page.getByLabel("Labels").press("Enter");
            assertThat(page.locator(".field .wrong")).containsText("That is no selector");
        }
    }

    private static Locator line(Page page, String text) {
        return page.locator(".log-line").filter(containing(text));
    }

    private Page open(Visitor visitor, String path) {
        Page page = visitor.open(dashboard.url(path));
        assertThat(link(page)).hasText("Live");
        return page;
    }

    private static Locator state(Page page) {
        return page.locator(".search-state");
    }

    private static Locator results(Page page) {
        return page.locator(".result");
    }

    private static Locator.FilterOptions containing(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }
}
