package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.fairlead.gateway.testing.GatewayProcess;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Five hundred programs that run, twenty of which change each second, and one that writes 5,000 lines a second: an
 * operator's day with all of it. What depends on the machine is printed; what grows, or keeps people out, is held
 * against a bound. Goes on as long as {@link Endurance} says.
 */
@Tag("slow")
class LargeFleetIT {
    private static final int INSTANCES = 500;
    private static final int CHANGES_A_SECOND = 20;
    private static final int PHONE_WIDTH = 390;
    private static final double SETTLED_MILLIS = 6_000;
    private static final double MEASURED_MILLIS = 30_000;
    /** A change leaves nothing behind; in 20 s there are 400, of 30 KiB each where it did. */
    private static final double FLEET_GROWTH_BYTES = 4 * 1024 * 1024;

    private static final Duration LONG = Duration.ofMinutes(5);

    /** Keeps when the first row of the fleet could be seen. */
    private static final String FIRST_ROW = """
            (() => {
                const seen = new MutationObserver(() => {
                    if (document.querySelector('a.name') !== null) {
                        seen.disconnect();
                        requestAnimationFrame(now => window.firstRow = Math.round(now));
                    }
                });
                seen.observe(document, { childList: true, subtree: true });
            })()""";

    @TempDir
    static Path home;

    private static Chromium chromium;
    private static GatewayProcess gateway;

    @BeforeAll
    static void start() throws Exception {
        chromium = Chromium.launch();
        gateway = GatewayProcess.serve(
                home,
                Map.of(),
                "--port",
                "0",
                "--data-dir",
                home.resolve("data").toString());
        for (int i = 0; i < INSTANCES; i++) {
            create("unit-" + i, "large", "exec sleep 100000");
        }
        create("broken", "odd", "echo no disk to write to; exit 3");
        create("loud", "odd", Endurance.LOUD);
        send("POST", "/api/instances/bulk", "{\"selector\":\"kind\",\"action\":\"start\"}");
        await().atMost(LONG).until(() -> send("GET", "/api/health", "").contains((INSTANCES + 1) + " running"));
    }

    @AfterAll
    static void stop() {
        if (gateway != null) {
            gateway.terminate();
            gateway.exit(LONG);
        }
    }

    @Test
    void what_is_wrong_is_read_at_once_dark_and_light_and_on_a_phone() throws Exception {
        try (Visitor visitor = chromium.visitor()) {
            visitor.context().addInitScript(FIRST_ROW);
            Page page = visitor.open(url("/"));
            assertThat(Visitor.row(page, "broken")).isVisible();
            System.out.println(
                    "first row of " + INSTANCES + " from a cold cache: " + page.evaluate("window.firstRow") + " ms");
            assertThat(page).hasTitle(Pattern.compile("^\\(\\d+\\).*"));

            page.navigate(url("/?show=trouble"));
            assertThat(Visitor.row(page, "broken").locator(".reason")).containsText("exited with code 3");
            assertThat(page.locator("a.name")).hasCount(1);
            page.navigate(url("/"));
            for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
                page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
                assertThat(page.locator("html"))
                        .hasAttribute("data-theme", scheme.name().toLowerCase(Locale.ROOT));
                assertThat(Visitor.row(page, "broken")).isVisible();
                Visitor.picture(page, "large-fleet-" + scheme); // and whatever moves is at its end
                assertThat(Visitor.barriers(page)).as(scheme.name()).isEmpty();
            }
            page.setViewportSize(PHONE_WIDTH, 844);
            assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(PHONE_WIDTH);
            assertThat(Visitor.barriers(page)).as("on a phone").isEmpty();
        }
    }

    @Test
    void one_of_five_hundred_is_found_opened_and_left_by_keys_alone() {
        try (Visitor visitor = chromium.visitor()) {
            Page page = visitor.open(url("/"));
            assertThat(Visitor.link(page)).hasText("Live");
            page.keyboard().press("/");
            page.keyboard().type("unit-250");
            assertThat(page.locator("a.name")).hasCount(1);
            String focused = "document.activeElement.matches('a.name') ? document.activeElement.textContent : ''";
            for (int i = 0; i < 60 && !page.evaluate(focused).equals("unit-250"); i++) {
                page.keyboard().press("Tab");
            }
            assertThat(page.evaluate(focused)).isEqualTo("unit-250");
            page.keyboard().press("Enter");
            assertThat(page).hasURL(url("/instances/unit-250"));
            assertThat(page.locator(".states")).containsText("running");
            page.keyboard().press("g");
            page.keyboard().press("f");
            assertThat(Visitor.row(page, "unit-0")).isVisible();
        }
    }

    @Test
    void a_day_with_it_stays_smooth_and_bounded_and_costs_the_gateway_little() throws Exception {
        AtomicInteger changes = new AtomicInteger();
        ScheduledExecutorService changing = Executors.newSingleThreadScheduledExecutor();
        try (Visitor visitor = chromium.visitor()) {
            var unused = changing.scheduleAtFixedRate(
                    () -> {
                        int n = changes.getAndIncrement();
                        send(
                                "PATCH",
                                "/api/instances/unit-" + n % INSTANCES,
                                "{\"labels\":{\"kind\":\"large\",\"n\":\"" + n + "\"}}");
                    },
                    0,
                    1_000 / CHANGES_A_SECOND,
                    TimeUnit.MILLISECONDS);
            Page blank = visitor.open("about:blank");
            double without = cores(blank);
            Page fleet = visitor.open(url("/"));
            assertThat(Visitor.row(fleet, "unit-0")).isVisible();
            double with = cores(fleet);
            System.out.printf(
                    "the gateway at %d changes/s: %.1f %% of a core, with the fleet's page %.1f %%%n",
                    CHANGES_A_SECOND, 100 * without, 100 * with);

            Page log = visitor.open(url("/instances/loud"));
            assertThat(log.locator(".log-line")).hasCount(2_000);
            Endurance.Growth fleetGrows = new Endurance.Growth(visitor, fleet);
            Endurance.Growth logGrows = new Endurance.Growth(visitor, log);
            for (Page front : new Page[] {fleet, log}) { // one behind has no frames of the screen
                front.bringToFront();
                Endurance.watch(front);
                for (int i = 0; i < Endurance.SAMPLES / 2; i++) {
                    front.waitForTimeout(Endurance.LASTING.toMillis() / (double) Endurance.SAMPLES);
                    fleetGrows.sample();
                    logGrows.sample();
                }
                Endurance.print(front == fleet ? "fleet, the log behind it" : "log, the fleet behind it", front);
            }
            fleetGrows.print("fleet");
            logGrows.print("log");
            assertThat(changes.get()).isGreaterThan(CHANGES_A_SECOND);
            assertThat(Visitor.link(fleet)).hasText("Live");
            fleetGrows.isBelow(FLEET_GROWTH_BYTES);
            logGrows.isBelow(Endurance.MOST_GROWTH_BYTES);
        } finally {
            changing.shutdownNow();
        }
    }

    /** What the gateway uses, in cores, once the page has what it begins with. */
    private static double cores(Page page) {
        page.waitForTimeout(SETTLED_MILLIS);
        double length = Math.min(MEASURED_MILLIS, Endurance.LASTING.toMillis() / 2.0);
        Duration before = used();
        page.waitForTimeout(length);
        return used().minus(before).toMillis() / length;
    }

    private static Duration used() {
        return ProcessHandle.of(gateway.pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow();
    }

    private static void create(String name, String kind, String script) {
        ObjectNode instance = FrameCodec.object().put("name", name).put("restart", "never");
        instance.putObject("labels").put("kind", kind);
        instance.putArray("command").add("sh").add("-c").add(script);
        send("POST", "/api/instances", instance.toString());
    }

    private static String send(String method, String path, String json) {
        return gateway.send(method, path, json).body();
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + gateway.port() + path;
    }
}
