package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.WsClient;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages as they move, as chains, and those that need a person. */
class MessagesPageIT {
    @TempDir
    static Path folder;

    private static Dashboard dashboard;

    @BeforeAll
    static void start() {
        dashboard = Dashboard.start(folder, "messages.max_attempts=1");
    }

    @AfterAll
    static void stop() {
        if (dashboard != null) {
            dashboard.close();
        }
    }

    @Test
    void a_dead_letter_is_retried_and_arrives() {
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("worker")) {
            Page page = visitor.open(dashboard.url("/messages/dead"));
            post("worker", "task.doomed", "c-1");
            settle(agent, agent.next("message.deliver"), "fail");
            Locator dead = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("task.doomed"));
            assertThat(dead).isVisible();
            assertThat(Visitor.barriers(page)).isEmpty();

            dead.getByText("Retry").click();

            settle(agent, agent.next("message.deliver"), "ack");
            assertThat(dead).isHidden();
            page.getByText("Live", new Page.GetByTextOptions().setExact(true))
                    .last()
                    .click();
            assertThat(page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("task.doomed")))
                    .containsText("acknowledged");
        }
    }

    @Test
    void a_chain_is_shown_in_the_order_of_its_causes() {
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("chained")) {
            Page page = visitor.open(dashboard.url("/messages?correlation_id=job-7"));
            for (String type : new String[] {"plan.made", "plan.checked", "plan.done"}) {
                post("chained", type, "job-7");
                settle(agent, agent.next("message.deliver"), "ack");
            }
            post("chained", "unrelated", "job-8");

            Locator chain = page.getByLabel("Correlation chain");
            assertThat(chain.locator(".chain-what .muted"))
                    .hasText(new String[] {"plan.made", "plan.checked", "plan.done"});
            assertThat(chain.locator(".chain-end").last()).containsText("acknowledged");
            Visitor.picture(page, "chain");
            assertThat(Visitor.barriers(page)).isEmpty();

            button(page, "All messages").click();
            assertThat(page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("unrelated")))
                    .isVisible();
        }
    }

    private static void post(String to, String type, String correlation) {
        var accepted = dashboard
                .gateway()
                .post(
                        "/api/messages",
                        "{\"to\":\"" + to + "\",\"type\":\"" + type + "\",\"correlation_id\":\"" + correlation
                                + "\",\"payload\":{}}");
        assertThat(accepted.status()).isEqualTo(202);
    }

    private static void settle(WsClient agent, JsonNode delivered, String how) {
        agent.send("{\"subject\":\"message." + how + "\",\"data\":{\"message_id\":\""
                + delivered.at("/data/message_id").asText() + "\",\"attempt\":"
                + delivered.at("/data/attempt").asInt() + "}}");
        agent.next("message." + how + ".ack");
    }
}
