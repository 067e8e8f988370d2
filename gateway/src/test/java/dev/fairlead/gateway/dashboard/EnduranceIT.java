package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fleet twice as large as one may well be, and a loud log. As {@link Endurance}. */
@Tag("slow")
class EnduranceIT {
    private static final int INSTANCES = 1_000;

    @TempDir
    Path folder;

    @Test
    void a_thousand_instances_and_five_thousand_lines_a_second_stay_usable_and_bounded() {
        try (Dashboard dashboard = Dashboard.start(folder);
                Visitor visitor = dashboard.visitor()) {
            for (int i = 0; i < INSTANCES; i++) {
                dashboard.create("unit-" + i, "sleep", "1000");
            }
            dashboard.create("loud", "sh", "-c", Endurance.LOUD);
            Page fleet = visitor.open(dashboard.url("/"));
            assertThat(Visitor.row(fleet, "unit-0")).isVisible();
            assertThat(fleet.getByRole(AriaRole.ROW).count()).isLessThan(100);
            Endurance.watch(fleet);
            fleet.getByLabel("Search the fleet").pressSequentially("unit-99");
            assertThat(fleet.getByRole(AriaRole.ROW)).hasCount(12);
            fleet.getByLabel("Search the fleet").fill("");
            fleet.getByRole(AriaRole.REGION).hover();
            for (int i = 0; i < 20; i++) {
                fleet.mouse().wheel(0, 2_000);
            }
            Endurance.print("fleet of " + INSTANCES, fleet);
            fleet.close();

            dashboard.bring("loud", "start", "running");
            Page page = visitor.open(dashboard.url("/instances/loud"));
            assertThat(page.locator(".log-line")).hasCount(2_000);
            Endurance.watch(page);
            Endurance.Growth grows = new Endurance.Growth(visitor, page);
            for (int i = 0; i < Endurance.SAMPLES; i++) {
                page.waitForTimeout(Endurance.LASTING.toMillis() / (double) Endurance.SAMPLES);
                grows.sample();
                assertThat(page.locator(".log-line").count()).isLessThanOrEqualTo(2_000);
            }
            Endurance.print("log at " + Endurance.LINES_A_SECOND + " lines/s", page);
            grows.print("log");

            assertThat(Visitor.link(page)).hasText("Live");
            grows.isBelow(Endurance.MOST_GROWTH_BYTES);
            Visitor.button(page, "Pause").click();
            assertThat(page.locator(".jump-live")).isVisible();
        }
    }
}
