package dev.fairlead.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import dev.fairlead.gateway.testing.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A page that is looked at for twenty seconds (a minute with {@code -Plong}) or for as long as the system property
 * {@code endurance} says, as {@code PT10M}. Speed depends on the machine and is printed; what grows is held against a
 * bound.
 */
final class Endurance {
    static final Duration LASTING = Duration.parse(System.getProperty("endurance", "PT" + Rounds.of(20, 60) + "S"));
    static final int SAMPLES = 12;
    static final int LINES_A_SECOND = 5_000;
    /** For a shell: that many lines a second, for ever. */
    static final String LOUD =
            "i=0; while :; do seq -f \"%.0f a line of a busy program, as long as they usually are\" $i $((i+"
                    + (LINES_A_SECOND / 10 - 1) + ")); i=$((i+" + (LINES_A_SECOND / 10) + ")); sleep 0.1; done";

    private static final int MOST_NODES = 30_000;
    static final double MOST_GROWTH_BYTES = 24 * 1024 * 1024;

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

    private Endurance() {}

    /** Looks at its frames from now on. */
    static void watch(Page page) {
        page.evaluate(WATCH);
    }

    /** Says how they were. */
    static void print(String what, Page page) {
        System.out.println(what + ": " + page.evaluate(REPORT));
    }

    /** What a page holds, time after time. */
    static final class Growth {
        private final CDPSession devtools;
        private final List<Map<String, Double>> samples = new ArrayList<>();

        Growth(Visitor visitor, Page page) {
            this.devtools = visitor.context().newCDPSession(page);
            devtools.send("Performance.enable");
        }

        void sample() {
            devtools.send("HeapProfiler.collectGarbage");
            Map<String, Double> found = new HashMap<>();
            JsonObject answer = devtools.send("Performance.getMetrics");
            answer.getAsJsonArray("metrics")
                    .forEach(metric -> found.put(
                            metric.getAsJsonObject().get("name").getAsString(),
                            metric.getAsJsonObject().get("value").getAsDouble()));
            samples.add(found);
        }

        void print(String what) {
            samples.forEach(sample -> System.out.printf(
                    "%s: heap %.1f MiB, %.0f nodes%n",
                    what, sample.get("JSHeapUsedSize") / 1024 / 1024, sample.get("Nodes")));
        }

        /** Between the second sample and the last; the first is of a page that still settles. */
        void isBelow(double bytes) {
            assertThat(samples)
                    .allSatisfy(sample -> assertThat(sample.get("Nodes")).isLessThan(MOST_NODES));
            assertThat(samples.get(samples.size() - 1).get("JSHeapUsedSize")
                            - samples.get(1).get("JSHeapUsedSize"))
                    .isLessThan(bytes);
        }
    }
}
