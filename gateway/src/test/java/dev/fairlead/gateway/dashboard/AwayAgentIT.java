package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.Fairlead;
import dev.fairlead.gateway.testing.Agents;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A process that runs says nothing of whether it works: one whose agent went silent is trouble until it is back. */
class AwayAgentIT extends WithDashboard {
    private static final LocatorAssertions.HasTextOptions PATIENTLY =
            new LocatorAssertions.HasTextOptions().setTimeout(30_000);

    @Override
    String[] settings() {
        return new String[] {"agents.heartbeat_interval=500ms", "agents.stale_after=1s", "agents.offline_after=2s"};
    }

    @Test
    void a_process_that_hangs_is_trouble_for_as_long_as_its_agent_is_away() throws Exception {
        dashboard.create("without-agent", "sleep", "1000");
        dashboard.bring("without-agent", "start", "running");
        dashboard.create(
                "hung",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Fairlead.class.getName(),
                "agent");
        dashboard.bring("hung", "start", "running");
        new Agents(dashboard.gateway()).awaitOnline("hung");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            assertThat(row(page, "hung")).containsText("online");
            assertThat(choice(page, "Trouble")).hasText("Trouble0");
            assertThat(choice(page, "Up")).hasText("Up2");

            signal("hung", "-STOP");

            assertThat(row(page, "hung").locator(".c-agent"))
                    .hasText(Pattern.compile("^offline for \\d+ s$"), PATIENTLY);
            assertThat(choice(page, "Trouble")).hasText("Trouble1");
            assertThat(choice(page, "Up")).hasText("Up1");
            assertThat(row(page, "hung").locator(".c-agent .pill")).hasClass(Pattern.compile("\\bbad\\b"));
            choice(page, "Trouble").click();
            assertThat(row(page, "hung")).isVisible();
            assertThat(row(page, "without-agent")).isHidden();
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "agent-away");
            row(page, "hung").getByRole(AriaRole.LINK).click();
            assertThat(page.locator(".failure")).containsText("its agent was last heard of at ");
            assertThat(Visitor.barriers(page)).isEmpty();

            signal("hung", "-CONT");

            assertThat(page.locator(".states")).hasText("runningagent online", PATIENTLY);
            assertThat(page.locator(".failure")).isHidden();
            page.goBack();
            assertThat(choice(page, "Trouble")).hasText("Trouble0");
        }
    }

    private static Locator choice(Page page, String text) {
        return page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Show"))
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(text));
    }

    private void signal(String name, String signal) throws Exception {
        String pid = dashboard
                .gateway()
                .get("/api/instances/" + name)
                .body()
                .path("pid")
                .asText();
        assertThat(new ProcessBuilder("kill", signal, pid).inheritIO().start().waitFor())
                .isZero();
    }
}
