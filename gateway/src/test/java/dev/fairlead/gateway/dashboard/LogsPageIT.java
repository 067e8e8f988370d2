package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A log as one reads it while it is written. */
class LogsPageIT extends WithDashboard {
    private static final int MOST_LINES = 2_000;

    /** The stream of a log alone is cut and mended as the test wants it, and what it missed cannot be made up for. */
    private static final String CUTS_THE_LOG = """
            const Real = window.WebSocket;
            let away = false;
            let log;
            window.WebSocket = function (address) {
                if (!String(address).includes("/logs?")) {
                    return new Real(address);
                }
                if (away) {
                    const none = { close() {}, send() {} };
                    setTimeout(() => none.onclose?.({ code: 1006, reason: "" }));
                    return none;
                }
                log = new Real(String(address).replace(/&since=[^&]*/, ""));
                return log;
            };
            window.cut = () => {
                away = true;
                log.close();
            };
            window.mend = () => {
                away = false;
            };
            """;

    /** The line that marks the start of its process is among those shown: the 1 in the counts. */
    @Test
    void reading_above_pauses_and_nothing_moves_until_one_jumps_to_live() {
        Speaker speaker = dashboard.speaker("followed");
        speaker.count("line ", 1, 300);
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "followed");
            Locator log = page.getByRole(AriaRole.LOG);
            assertThat(line(page, "line 300")).isInViewport();
            speaker.say("the newest");
            assertThat(line(page, "the newest")).isInViewport();

            log.hover();
            page.mouse().wheel(0, -2_000);
            Locator jump = page.getByText(Pattern.compile("Paused · \\d+ new · Jump to live"));
            assertThat(jump).hasText("Paused · 0 new · Jump to live");
            Object before = log.evaluate("box => box.scrollTop");
            speaker.count("more ", 1, 132);

            assertThat(jump).hasText("Paused · 132 new · Jump to live");
            assertThat(log.evaluate("box => box.scrollTop")).isEqualTo(before);
            assertThat(line(page, "more 132")).hasCount(0);
            Visitor.picture(page, "log-paused");

            jump.click();
            assertThat(line(page, "more 132")).isInViewport();
            assertThat(jump).isHidden();
            speaker.say("followed again");
            assertThat(line(page, "followed again")).isInViewport();
        }
    }

    @Test
    void scrolling_back_to_the_end_follows_again() {
        Speaker speaker = dashboard.speaker("scrolled");
        speaker.count("line ", 1, 300);
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "scrolled");
            assertThat(line(page, "line 300")).isInViewport();
            page.getByRole(AriaRole.LOG).hover();
            page.mouse().wheel(0, -1_000);
            assertThat(page.locator(".jump-live")).isVisible();

            page.mouse().wheel(0, 5_000);

            assertThat(page.locator(".jump-live")).isHidden();
            speaker.say("at the end");
            assertThat(line(page, "at the end")).isInViewport();
        }
    }

    @Test
    void the_gateway_filters_and_the_page_finds() {
        Speaker speaker = dashboard.speaker("sought");
        speaker.say("apple one", "pear", "apple two", "Apple three");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "sought");
            assertThat(line(page, "pear")).isVisible();
            page.getByLabel("Find in the log").fill("apple");
            assertThat(page.locator(".log-found")).containsText("of 3");
            page.keyboard().press("Enter");
            assertThat(page.locator(".log-found")).containsText(Pattern.compile("[123] of 3"));

            Locator filter = page.getByLabel("Only lines that contain");
            filter.fill("two");
            filter.press("Enter");

            assertThat(page).hasURL(Pattern.compile("\\?grep=two$"));
            assertThat(page.locator(".log-line")).hasCount(1);
            speaker.say("not this", "but two of these");
            assertThat(line(page, "but two of these")).isVisible();
            assertThat(page.locator(".log-line")).hasCount(2);
            page.reload();
            assertThat(page.locator(".log-line")).hasCount(2);
            button(page, "No filter").click();
            assertThat(page.locator(".log-line")).hasCount(1 + 6);
        }
    }

    @Test
    void a_filter_minds_case_and_takes_an_expression_where_it_is_told_to() {
        Speaker speaker = dashboard.speaker("expressed");
        speaker.say("Took 12 ms", "took 7 ms", "took long", "a.b", "axb");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "expressed");
            assertThat(line(page, "axb")).isVisible();
            Locator filter = page.getByLabel("Only lines that contain");
            Locator lines = page.locator(".log-text");
            filter.fill("took \\d+");
            button(page, "A regular expression").click();
            assertThat(page).hasURL(Pattern.compile("grep_mode=regex"));
            assertThat(lines).hasText(new String[] {"Took 12 ms", "took 7 ms"});
            button(page, "Upper and lower case differ").click();
            assertThat(lines).hasText(new String[] {"took 7 ms"});

            page.reload();
            assertThat(button(page, "A regular expression")).hasAttribute("aria-pressed", "true");
            assertThat(lines).hasText(new String[] {"took 7 ms"});
            assertThat(Visitor.barriers(page)).isEmpty();

            filter.fill("took (");
            filter.press("Enter");
            assertThat(page.locator(".log-box")).containsText("is no regular expression");
            assertThat(filter).hasAttribute("aria-invalid", "true");
            filter.fill("a.b");
            button(page, "A regular expression").click();
            assertThat(lines).hasText(new String[] {"a.b"});
        }
    }

    @Test
    void colours_are_shown_and_their_codes_are_not() {
        Speaker speaker = dashboard.speaker("coloured");
        speaker.say("\u001b[31mred\u001b[0m and \u001b[1;32mbold green\u001b[0m", "\u001b]0;title\u0007plain");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "coloured");
            assertThat(line(page, "red and bold green")).isVisible();
            assertThat(line(page, "plain")).hasText("plain");
            Object red = page.getByText("red", new Page.GetByTextOptions().setExact(true))
                    .evaluate("part => getComputedStyle(part).color");
            Object plain = line(page, "plain").evaluate("part => getComputedStyle(part).color");
            assertThat(red).isNotEqualTo(plain);
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    @Test
    void json_lines_are_laid_out_where_one_wants_it() {
        Speaker speaker = dashboard.speaker("structured");
        speaker.say("plain {text}", "{\"level\":\"warn\",\"id\":12345678901234567890,\"in\":{\"of\":[]}}");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "structured");
            assertThat(line(page, "\"id\":12345678901234567890,\"in\"")).isVisible();
            button(page, "Lay out JSON lines").click();
            assertThat(page.locator(".log-json")).hasCount(1);
            assertThat(page.locator(".log-json").textContent())
                    .isEqualTo("{\n  \"level\": \"warn\",\n  \"id\": 12345678901234567890,\n"
                            + "  \"in\": {\n    \"of\": []\n  }\n}");
            assertThat(line(page, "plain {text}")).hasText("plain {text}");
            speaker.say("{\"next\":true}");
            assertThat(page.locator(".log-json").last()).containsText("\"next\": true");
            assertThat(page.locator(".log-json").last()).isInViewport();
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "log-json");

            page.reload();
            assertThat(page.locator(".log-json")).hasCount(2);
            button(page, "Lay out JSON lines").click();
            assertThat(line(page, "{\"next\":true}")).isVisible();
            assertThat(page.locator(".log-json")).hasCount(0);
        }
    }

    @Test
    void wrapping_and_times_are_remembered() {
        Speaker speaker = dashboard.speaker("set");
        speaker.say("x".repeat(3_000));
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "set");
            Locator log = page.getByRole(AriaRole.LOG);
            assertThat(line(page, "xxx")).isVisible();
            assertThat((Boolean) log.evaluate("box => box.scrollWidth <= box.clientWidth"))
                    .isTrue();
            button(page, "Wrap long lines").click();
            assertThat((Boolean) log.evaluate("box => box.scrollWidth > box.clientWidth"))
                    .isTrue();
            button(page, "Timestamps").click();
            speaker.say("timed");
            Locator time = page.locator(".log-line").filter(new Locator.FilterOptions().setHasText("timed"));
            assertThat(time.locator("time")).hasText(Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}"));

            page.reload();

            assertThat(button(page, "Timestamps")).hasAttribute("aria-pressed", "true");
            assertThat(button(page, "Wrap long lines")).hasAttribute("aria-pressed", "false");
        }
    }

    @Test
    void a_lines_time_is_a_link_to_it_with_what_stands_around_it() {
        Speaker speaker = dashboard.speaker("linked");
        speaker.count("number ", 1, 600);
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "linked");
            assertThat(line(page, "number 600")).isVisible();
            button(page, "Timestamps").click();
            Locator time = page.locator(".log-line")
                    .filter(new Locator.FilterOptions().setHasText(Pattern.compile("number 300$")))
                    .locator("time");
            time.scrollIntoViewIfNeeded();
            time.click();

            assertThat(page.locator(".log-target .log-text")).hasText("number 300");
            assertThat(page).hasURL(Pattern.compile("line=[A-Za-z0-9_-]{27}"));
            assertThat(page.locator(".log-target")).isInViewport();
            assertThat(line(page, "number 299")).isVisible();
            assertThat(line(page, "number 301")).isVisible();
            assertThat(Visitor.barriers(page)).isEmpty();
            page.reload();
            assertThat(page.locator(".log-target .log-text")).hasText("number 300");
            page.getByRole(AriaRole.LOG).evaluate("box => { box.scrollTop = box.scrollHeight; }");
            assertThat(line(page, "number 600")).isVisible();

            button(page, "Follow the log").click();
            page.getByLabel("Jump to a moment (Enter)").fill("2001-01-01T00:00:01");
            button(page, "Jump to that moment").click();
            assertThat(page.locator(".log-target .log-text")).containsText("--- started");
            assertThat(page.locator(".log-top")).hasText("The log begins here.");

            button(page, "Follow the log").click();
            speaker.say("and on");
            assertThat(line(page, "and on")).isVisible();
        }
    }

    @Test
    void a_log_is_copied_downloaded_and_cleared() throws IOException {
        Speaker speaker = dashboard.speaker("taken");
        speaker.say("\u001b[31mfirst\u001b[0m", "second");
        try (Visitor visitor = dashboard.visitor()) {
            visitor.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            Page page = open(visitor, "taken");
            assertThat(line(page, "second")).isVisible();
            button(page, "Copy shown lines").click();
            page.waitForCondition(() -> String.valueOf(page.evaluate("() => navigator.clipboard.readText()"))
                    .matches("--- started \\S+ ---\nfirst\nsecond"));

            Download download = page.waitForDownload(page.getByLabel("Download the log")::click);
            assertThat(download.suggestedFilename()).isEqualTo("taken.log");
            assertThat(Files.readString(download.path())).contains("first", "second\n");
            page.getByLabel("Only lines that contain").fill("SECOND");
            page.getByLabel("Only lines that contain").press("Enter");
            Download filtered = page.waitForDownload(page.getByLabel("Download these lines of the log")::click);
            assertThat(Files.readString(filtered.path())).isEqualTo("second\n");
            button(page, "No filter").click();
            assertThat(line(page, "second")).isVisible();

            button(page, "Clear").click();
            assertThat(page.locator(".log-line")).hasCount(0);
            speaker.say("third");
            assertThat(page.locator(".log-line")).hasCount(1);
        }
    }

    @Test
    void a_burst_leaves_the_document_small_and_says_what_scrolled_out() {
        Speaker speaker = dashboard.speaker("bursting");
        speaker.say("begun");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor, "bursting");
            assertThat(line(page, "begun")).isVisible();

            speaker.count("burst ", 1, 5_000);

            assertThat(line(page, "burst 5000")).isInViewport();
            assertThat(page.locator(".log-line")).hasCount(MOST_LINES);
            assertThat(page.locator(".log-foot")).containsText("2,000 lines · 3,002 scrolled out");
            assertThat(page.locator(".log-line").first()).containsText("burst 3001");
            assertThat(page.locator(".log-chunk")
                            .first()
                            .evaluate("chunk => getComputedStyle(chunk).contentVisibility"))
                    .isEqualTo("auto");
            speaker.say("still here");
            assertThat(line(page, "still here")).isInViewport();
        }
    }

    @Test
    void what_was_written_while_the_gateway_was_out_of_reach_is_there_once_afterwards() {
        Speaker speaker = dashboard.speaker("resumed");
        speaker.say("before");
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("ERR_INTERNET"))) {
            Page page = open(visitor, "resumed");
            assertThat(line(page, "before")).isVisible();
            visitor.context().setOffline(true);
            speaker.count("missed ", 1, 50);
            visitor.context().setOffline(false);
            speaker.say("after");

            assertThat(line(page, "after")).isVisible();
            assertThat(page.locator(".log-line")).hasCount(1 + 52);
        }
    }

    @Test
    void what_could_not_be_shown_is_said_where_it_is_missing() {
        Speaker speaker = dashboard.speaker("gapped");
        speaker.say("before");
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("ERR_FAILED"))) {
            visitor.context().addInitScript(CUTS_THE_LOG);
            Page page = open(visitor, "gapped");
            assertThat(line(page, "before")).isVisible();
            page.route("**/logs?*", Route::abort);
            page.evaluate("window.cut()");
            assertThat(link(page)).hasText("Reconnecting");

            speaker.count("unseen ", 1, 3_000);
            page.unroute("**/logs?*");
            page.evaluate("window.mend()");
            button(page, "Retry now").click();

            assertThat(line(page, "unseen 3000")).isVisible();
            assertThat(link(page)).hasText("Live");
            assertThat(page.locator(".log-mark")).hasText("Lines may be missing here");
            assertThat(page.locator(".log-line")).hasCount(1 + 1_001);
        }
    }

    private Page open(Visitor visitor, String name) {
        Page page = visitor.open(dashboard.url("/instances/" + name));
        assertThat(link(page)).hasText("Live");
        return page;
    }

    private static Locator line(Page page, String text) {
        return page.locator(".log-text").filter(new Locator.FilterOptions().setHasText(text));
    }
}
