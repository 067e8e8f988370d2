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
import org.junit.jupiter.api.Test;

/** Messages as they move, as chains, and those that need a person. */
class MessagesPageIT extends WithDashboard {
    @Override
    String[] settings() {
        return new String[] {"messages.max_attempts=1"};
    }

    @Test
    void a_dead_letter_is_retried_and_arrives() {
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("worker")) {
            Page page = visitor.open(dashboard.url("/messages/dead"));
            post("worker", "task.doomed", "c-1");
            settle(agent, agent.next("message.deliver"), "fail", "it was never possible");
            Locator dead = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("task.doomed"));
            assertThat(dead).isVisible();
            assertThat(dead).containsText("it was never possible");
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

    @Test
    void a_chain_opened_from_a_dead_letter_is_shown_whole() {
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("mixed")) {
            for (String type : new String[] {"order.made", "order.packed"}) {
                post("mixed", type, "job-9");
                settle(agent, agent.next("message.deliver"), "ack");
            }
            post("mixed", "order.sent", "job-9");
            settle(agent, agent.next("message.deliver"), "fail");
            Page page = visitor.open(dashboard.url("/messages/dead"));
            Locator dead = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("order.sent"));
            button(dead, "job-9").click();

            Locator chain = page.getByLabel("Correlation chain");
            assertThat(chain.locator(".chain-what .muted"))
                    .hasText(new String[] {"order.made", "order.packed", "order.sent"});
            assertThat(chain.locator("header")).containsText("3 messages");
            // What is searched for below is no part of the chain's story.
            page.getByLabel("Search messages").fill("order.sent");
            assertThat(chain.locator("li")).hasCount(3);
        }
    }

    @Test
    void filters_are_in_the_address_and_survive_a_reload() {
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("filtered")) {
            post("filtered", "kind.wanted", "c-7");
            post("filtered", "kind.other", "c-8");
            Page page = visitor.open(dashboard.url("/messages"));
            Locator wanted = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("kind.wanted"));
            Locator other = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("kind.other"));
            assertThat(other).isVisible();
            page.getByLabel("Search messages").fill("WANTED kind");
            button(page, "Open").click();
            assertThat(other).isHidden();

            page.reload();

            assertThat(page.getByLabel("Search messages")).hasValue("WANTED kind");
            assertThat(button(page, "Open")).hasAttribute("aria-pressed", "true");
            assertThat(wanted).isVisible();
            assertThat(other).isHidden();
            settle(agent, agent.next("message.deliver"), "ack");
            assertThat(wanted).isHidden();
        }
    }

    private void post(String to, String type, String correlation) {
        var accepted = dashboard
                .gateway()
                .post(
                        "/api/messages",
                        "{\"to\":\"" + to + "\",\"type\":\"" + type + "\",\"correlation_id\":\"" + correlation
                                + "\",\"payload\":{}}");
        assertThat(accepted.status()).isEqualTo(202);
    }

    private static void settle(WsClient agent, JsonNode delivered, String how) {
        settle(agent, delivered, how, "because");
    }

    private static void settle(WsClient agent, JsonNode delivered, String how, String reason) {
        agent.send("{\"subject\":\"message." + how + "\",\"data\":{\"message_id\":\""
                + delivered.at("/data/message_id").asText() + "\",\"attempt\":"
                + delivered.at("/data/attempt").asInt() + ",\"reason\":\"" + reason + "\"}}");
        agent.next("message." + how + ".ack");
    }
}
