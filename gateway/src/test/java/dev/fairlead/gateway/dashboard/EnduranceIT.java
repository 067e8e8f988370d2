package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.Rounds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A large fleet and a loud log, for twenty seconds (a minute with {@code -Plong}) or for as long as the system property
 * {@code endurance} says, as {@code PT10M}. Speed depends on the machine and is printed; what grows is held against a
 * bound.
 */
@Tag("slow")
@Tag("alone")
class EnduranceIT {
    private static final int INSTANCES = 1_000;
    private static final int LINES_A_SECOND = 5_000;
    private static final int MOST_NODES = 30_000;
    private static final double MOST_GROWTH_BYTES = 24 * 1024 * 1024;
    private static final Duration LASTING =
            Duration.parse(System.getProperty("endurance", "PT" + Rounds.of(20, 60) + "S"));

    /** Keeps every gap between frames of the screen and every task over 50 ms. */
    private static final String WATCH = """
            () => {
                window.watched = { gaps: [], tasks: [] };
                let last = performance.now();
                const frame = now => {
                    window.watched.gaps.push(now - last);
                    last = now;
                    requestAnimationFrame(frame);
                };
                requestAnimationFrame(frame);
                new PerformanceObserver(list => list.getEntries().forEach(one => window.watched.tasks.push(one.duration)))
                    .observe({ type: "longtask" });
            }""";

    private static final String REPORT = """
            () => {
                const { gaps, tasks } = window.watched;
                const at = (all, share) => all.length === 0 ? 0 : Math.round([...all].sort((a, b) => a - b)[Math.floor((all.length - 1) * share)]);
                return `${gaps.length} frames, gap p50 ${at(gaps, 0.5)} p95 ${at(gaps, 0.95)} p99 ${at(gaps, 0.99)} max ${at(gaps, 1)} ms; `
                    + `${tasks.length} long tasks, p50 ${at(tasks, 0.5)} max ${at(tasks, 1)} ms`;
            }""";

    @TempDir
    Path folder;

    @Test
    void a_thousand_instances_and_five_thousand_lines_a_second_stay_usable_and_bounded() {
        try (Dashboard dashboard = Dashboard.start(folder);
                Visitor visitor = dashboard.visitor()) {
            for (int i = 0; i < INSTANCES; i++) {
                dashboard.create("unit-" + i, "sleep", "1000");
            }
            dashboard.create(
                    "loud",
                    "sh",
                    "-c",
                    "i=0; while :; do seq -f \"%.0f a line of a busy program, as long as they usually are\" $i $((i+"
                            + (LINES_A_SECOND / 10 - 1) + ")); i=$((i+" + (LINES_A_SECOND / 10)
                            + ")); sleep 0.1; done");
            Page fleet = visitor.open(dashboard.url("/"));
            assertThat(Visitor.row(fleet, "unit-0")).isVisible();
            assertThat(fleet.getByRole(AriaRole.ROW).count()).isLessThan(100);
            fleet.evaluate(WATCH);
            fleet.getByLabel("Search the fleet").pressSequentially("unit-99");
            assertThat(fleet.getByRole(AriaRole.ROW)).hasCount(12);
            fleet.getByLabel("Search the fleet").fill("");
            fleet.getByRole(AriaRole.REGION).hover();
            for (int i = 0; i < 20; i++) {
                fleet.mouse().wheel(0, 2_000);
            }
            print("fleet of " + INSTANCES, fleet);
            fleet.close();

            dashboard.bring("loud", "start", "running");
            Page page = visitor.open(dashboard.url("/instances/loud"));
            assertThat(page.locator(".log-line")).hasCount(2_000);
            CDPSession devtools = visitor.context().newCDPSession(page);
            devtools.send("Performance.enable");
            page.evaluate(WATCH);
            List<Map<String, Double>> samples = new ArrayList<>();
            long end = System.nanoTime() + LASTING.toNanos();
            while (System.nanoTime() < end) {
                page.waitForTimeout(LASTING.toMillis() / 12.0);
                devtools.send("HeapProfiler.collectGarbage");
                samples.add(metrics(devtools));
                assertThat(page.locator(".log-line").count()).isLessThanOrEqualTo(2_000);
            }
            print("log at " + LINES_A_SECOND + " lines/s", page);
            samples.forEach(sample -> System.out.printf(
                    "heap %.1f MiB, %.0f nodes%n", sample.get("JSHeapUsedSize") / 1024 / 1024, sample.get("Nodes")));

            assertThat(Visitor.link(page)).hasText("Live");
            assertThat(samples)
                    .allSatisfy(sample -> assertThat(sample.get("Nodes")).isLessThan(MOST_NODES));
            assertThat(samples.get(samples.size() - 1).get("JSHeapUsedSize")
                            - samples.get(1).get("JSHeapUsedSize"))
                    .isLessThan(MOST_GROWTH_BYTES);
            Visitor.button(page, "Pause").click();
            assertThat(page.locator(".jump-live")).isVisible();
        }
    }

    private static void print(String what, Page page) {
        System.out.println(what + ": " + page.evaluate(REPORT));
    }

    private static Map<String, Double> metrics(CDPSession devtools) {
        Map<String, Double> found = new java.util.HashMap<>();
        JsonObject answer = devtools.send("Performance.getMetrics");
        answer.getAsJsonArray("metrics")
                .forEach(metric -> found.put(
                        metric.getAsJsonObject().get("name").getAsString(),
                        metric.getAsJsonObject().get("value").getAsDouble()));
        return found;
    }
}
