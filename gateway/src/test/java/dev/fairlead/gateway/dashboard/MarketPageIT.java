package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Chats.ask;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The market of a simulated upstream. */
class MarketPageIT extends WithDashboard {
    private final RunningSimulator upstream = RunningSimulator.start();

    @Override
    String[] settings() {
        return new String[] {
            "upstream.kind=simulator",
            "upstream.base_url=" + upstream.baseUrl(),
            "orders.enabled=true",
            "orders.confirm=always",
            "orders.max_per_day=100"
        };
    }

    @Override
    @AfterAll
    void stop() {
        super.stop();
        upstream.close();
    }

    @Test
    void quotes_move_and_say_where_they_come_from() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/market?symbols=AAPL,SPX"));
            Locator row = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("AAPL"));
            assertThat(row.locator(".quote-source")).hasText("dxlink");
            String before = row.locator(".mid").textContent();
            assertThat(row.locator(".mid")).not().hasText(before);
            assertThat(page.locator(".token")).containsText("Token valid");
            assertThat(Visitor.barriers(page)).isEmpty();
        }
    }

    @Test
    @Tag("attack")
    void an_order_waits_for_a_person_who_confirms_it() {
        int before = upstream.orders().size();
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("trader")) {
            Page page = visitor.open(dashboard.url("/market"));
            assertThat(page.locator(".token")).containsText("Token valid");
            agent.send(
                    "{\"subject\":\"order.submit\",\"reply\":\"inbox.1\",\"data\":{\"client_order_id\":\"o-1\","
                            + "\"symbol\":\"AAPL\",\"side\":\"buy\",\"quantity\":2,\"order_type\":\"limit\",\"limit_price\":10.5}}");
            assertThat(agent.next("inbox.1").at("/data/status").asText()).isEqualTo("needs_confirmation");
            Locator waiting = page.locator(".waiting");
            assertThat(waiting).containsText("2 AAPL");
            assertThat(waiting).containsText("trader");
            Visitor.picture(page, "order-waiting");
            Locator question = page.getByRole(AriaRole.DIALOG);
            // A key that is held confirms nothing: neither the dialog it opens nor the one after that.
            waiting.getByText("Confirm…").focus();
            for (int i = 0; i < 20; i++) {
                page.keyboard().down("Enter"); // a repeat from the second on
            }
            page.keyboard().up("Enter");
            assertThat(question).containsText("10.5");
            assertThat(button(question, "Cancel")).isFocused();
            assertThat(Visitor.barriers(page)).isEmpty();
            question.getByRole(AriaRole.TEXTBOX).fill("MSFT");
            assertThat(button(question, "Confirm and send")).isDisabled();
            assertThat(upstream.orders()).hasSize(before);
            question.getByRole(AriaRole.TEXTBOX).fill("AAPL");
            button(question, "Confirm and send").click();

            assertThat(question).isHidden();
            assertThat(waiting).isHidden();
            assertThat(page.locator(".orders")).containsText(Pattern.compile("submitted|working"));
            assertThat(upstream.orders()).hasSize(before + 1);
        }
    }

    @Test
    void an_order_that_is_rejected_never_leaves() {
        int before = upstream.orders().size();
        try (Visitor visitor = dashboard.visitor();
                WsClient agent = new Agents(dashboard.gateway()).register("gambler")) {
            Page page = visitor.open(dashboard.url("/market"));
            assertThat(page.locator(".token")).containsText("Token valid");
            agent.send(
                    "{\"subject\":\"order.submit\",\"reply\":\"inbox.1\",\"data\":{\"client_order_id\":\"o-2\","
                            + "\"symbol\":\"MSFT\",\"side\":\"buy\",\"quantity\":3,\"order_type\":\"limit\",\"limit_price\":9}}");
            Locator waiting = page.locator(".ask").filter(new Locator.FilterOptions().setHasText("gambler"));
            waiting.getByText("Reject").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            dialog.locator("[name=reason]").fill("Not today");
            button(dialog, "Reject").click();

            assertThat(dialog).isHidden();
            assertThat(waiting).isHidden();
            agent.next(frame -> frame.at("/data/status").asText().equals("rejected"));
        }
        assertThat(upstream.orders()).hasSize(before);
    }

    @Test
    void a_tool_that_sends_an_order_waits_in_the_chat_for_a_yes_or_a_no() {
        int before = upstream.orders().size();
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/chat"));
            assertThat(page.locator(".token")).containsText("Token valid");
            String denied = order("o-denied");
            ask(page, "/confirm " + denied);
            assertThat(button(page, "Approve confirm_order")).isVisible();
            assertThat(page.locator(".tool .order-facts")).containsText("AAPL");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "chat-approval");
            button(page, "Deny confirm_order").click();
            assertThat(button(page, "Deny confirm_order")).isHidden();
            assertThat(button(page, "Copy answer")).isVisible();
            assertThat(upstream.orders()).hasSize(before);
            assertThat(dashboard
                            .gateway()
                            .post("/api/orders/" + denied + "/reject", "")
                            .status())
                    .isEqualTo(200);

            ask(page, "/confirm " + order("o-approved"));
            button(page, "Approve confirm_order").click();
            assertThat(button(page, "Copy answer")).hasCount(2);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> upstream.orders().size() == before + 1);
    }

    @Test
    void an_order_that_works_is_replaced_and_cancelled_by_its_buttons_with_the_facts_at_hand() {
        String id = order("o-changes", "NVDA");
        dashboard.gateway().post("/api/orders/" + id + "/confirm", "");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/market?order=" + id));
            button(page, "Replace buy 1 NVDA at 10.00").click();
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            assertThat(dialog)
                    .containsText(Pattern.compile("Age.*Quote now.*Market to limit.*Cost10.00, fees unknown"));
            assertThat(dialog).containsText("Left today");
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "order-replace");
            dialog.locator("[name=limit_price]").fill("11");
            button(dialog, "Replace").click();
            assertThat(dialog).isHidden();

            // What a new order has to wait for, its replacement has to wait for as well.
            Locator waiting = page.locator(".ask").filter(new Locator.FilterOptions().setHasText("NVDA"));
            assertThat(waiting).containsText("to become 1 at 11.00");
            waiting.getByText("Confirm…").click();
            assertThat(dialog).containsText(Pattern.compile("Expires in.*Quote now"));
            dialog.getByRole(AriaRole.TEXTBOX).fill("NVDA");
            button(dialog, "Confirm and send").click();
            assertThat(dialog).isHidden();

            button(page, "Cancel buy 1 NVDA at 11.00").click();
            assertThat(dialog).containsText("Quote now");
            button(dialog, "Cancel the order").click();
            assertThat(dialog).isHidden();
            assertThat(page.locator(".orders tr").filter(new Locator.FilterOptions().setHasText("1 NVDA")))
                    .containsText("cancelled");
            assertThat(button(page, "Cancel buy 1 NVDA at 11.00")).isHidden();
        }
        assertThat(upstream.orders().findValuesAsText("price")).contains("11");
    }

    private String order(String id) {
        return order(id, "AAPL");
    }

    /** An order of the operator's own, that waits. */
    private String order(String id, String symbol) {
        var placed = dashboard
                .gateway()
                .post(
                        "/api/orders",
                        "{\"client_order_id\":\"" + id + "\",\"symbol\":\"" + symbol + "\",\"side\":\"buy\","
                                + "\"quantity\":1,\"order_type\":\"limit\",\"limit_price\":10}");
        assertThat(placed.body().path("status").asText()).isEqualTo("needs_confirmation");
        return placed.body().path("order_id").asText();
    }
}
