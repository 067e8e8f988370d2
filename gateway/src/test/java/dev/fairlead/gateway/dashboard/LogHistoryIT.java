package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static dev.fairlead.gateway.dashboard.Visitor.link;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log is read back to the first byte there is, and the page holds no more for it. */
class LogHistoryIT {
    private static final int LINES = 5_000;
    /** What is followed, and at most three pages of what was read back. */
    private static final int MOST_IN_DOCUMENT = 2_000 + 3 * 250;

    @TempDir
    Path folder;

    @Test
    void one_reads_back_to_where_the_log_really_begins() throws IOException {
        try (Dashboard dashboard = Dashboard.start(folder, "logs.rotate_size=64KiB", "logs.rotate_keep=100");
                Visitor visitor = dashboard.visitor()) {
            Speaker speaker = dashboard.speaker("old");
            for (int from = 1; from < LINES; from += 1_000) {
                int files = rotated("old").size();
                speaker.count(
                        "a line that is long enough for a file to be full of them soon, number ", from, from + 999);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> rotated("old").size() > files);
            }
            Page page = visitor.open(dashboard.url("/instances/old"));
            assertThat(link(page)).hasText("Live");
            Locator log = page.getByRole(AriaRole.LOG);
            assertThat(log).containsText("number " + LINES);
            Locator top = page.locator(".log-top");

            log.evaluate("box => { box.scrollTop = 0; }");
            Object above = firstInSight(log);
            button(page, "Older lines").click();
            assertThat(page.locator(".log-foot")).containsText("250 read back");
            assertThat(firstInSight(log)).isEqualTo(above);
            int most = 0;
            for (int tries = 0; tries < 400 && !top.textContent().contains("begins"); tries++) {
                int lines = ((Number) log.evaluate("""
                        async box => {
                            box.scrollTop = 0;
                            await new Promise(done => setTimeout(done, 50));
                            return box.querySelectorAll(".log-line").length;
                        }""")).intValue();
                most = Math.max(most, lines);
            }

            assertThat(top).hasText("The log begins here.");
            assertThat(most).isLessThanOrEqualTo(MOST_IN_DOCUMENT);
            log.evaluate("box => { box.scrollTop = 0; }");
            assertThat(page.locator(".log-text").first()).containsText("--- started");
            Visitor.picture(page, "log-begins");
            assertThat(Visitor.barriers(page)).isEmpty();
            // Down again, what was forgotten is fetched anew, in its place.
            log.evaluate("box => { box.scrollTop = 2000 * 18; }");
            page.waitForCondition(() -> inSight(log).size() > 5);
            List<Integer> numbers = inSight(log);
            assertThat(numbers.get(0)).isBetween(1_900, 2_100);
            for (int i = 1; i < numbers.size(); i++) {
                assertThat(numbers.get(i)).isEqualTo(numbers.get(i - 1) + 1);
            }
            button(page, "Follow").click();
            assertThat(page.locator(".log-line")).hasCount(1_000);

            Files.delete(rotated("old").get(rotated("old").size() - 1));
            page.reload();
            assertThat(log).containsText("number " + LINES);
            button(page, "Older lines").click();
            for (int tries = 0; tries < 400 && !top.textContent().contains("begins"); tries++) {
                log.evaluate("box => new Promise(done => { box.scrollTop = 0; setTimeout(done, 50); })");
            }
            assertThat(top).containsText("What is kept of the log begins here");
        }
    }

    /** The numbers of the lines one sees. */
    private static List<Integer> inSight(Locator log) {
        List<?> seen = (List<?>) log.evaluate("""
                box => {
                    const edge = box.getBoundingClientRect();
                    return [...box.querySelectorAll(".log-line")]
                        .filter(line => line.getBoundingClientRect().bottom > edge.top
                            && line.getBoundingClientRect().top < edge.bottom)
                        .map(line => Number(line.textContent.split("number ")[1] ?? 0));
                }""");
        return seen.stream().map(one -> ((Number) one).intValue()).toList();
    }

    private static Object firstInSight(Locator log) {
        return log.evaluate("""
                box => [...box.querySelectorAll(".log-line")]
                    .find(line => line.getBoundingClientRect().bottom > box.getBoundingClientRect().top + 40).textContent""");
    }

    /** The newest first. */
    private List<Path> rotated(String name) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
            return all.filter(file -> file.getParent().endsWith(name)
                            && file.getFileName().toString().matches("current\\.log\\.\\d+"))
                    .sorted((a, b) -> Integer.compare(number(a), number(b)))
                    .toList();
        }
    }

    private static int number(Path file) {
        String name = file.getFileName().toString();
        return Integer.parseInt(name.substring(name.lastIndexOf('.') + 1));
    }
}
