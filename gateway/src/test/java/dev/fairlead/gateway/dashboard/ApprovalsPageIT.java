package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What waits for a person, in one place whoever asks; and the keys that let some of them in. */
class ApprovalsPageIT extends WithDashboard {
    private static final String ADMIN = "Bearer " + RunningGateway.PASSWORD;

    private final RunningSimulator upstream = RunningSimulator.start();

    @Override
    String[] settings() {
        return new String[] {
            "upstream.kind=simulator",
            "upstream.base_url=" + upstream.baseUrl(),
            "orders.enabled=true",
            "orders.confirm=always"
        };
    }

    @Override
    @AfterAll
    void stop() {
        super.stop();
        upstream.close();
    }

    @Test
    void whoever_asks_waits_in_one_inbox_and_the_navigation_counts_them() {
        dashboard.create("asked-for", "sleep", "1000");
        dashboard.create("unwanted", "sleep", "1000");
        String key = key();
        await().until(() -> dashboard
                .gateway()
                .get("/api/token")
                .body()
                .path("state")
                .asText()
                .equals("valid"));
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/"));
            assertThat(Visitor.link(page)).hasText("Live");
            assertThat(count(page)).isHidden();
            start(key, "asked-for");
            assertThat(count(page)).hasText(Pattern.compile("^1"));
            start(key, "unwanted");
            String order = order();
            ask(order);
            assertThat(count(page)).hasText(Pattern.compile("^4"));

            page.keyboard().press("g");
            page.keyboard().press("a");
            assertThat(page).hasURL(dashboard.url("/approvals"));
            assertThat(asks(page)).hasCount(4);
            assertThat(asks(page).nth(0)).containsText(Pattern.compile("MCP client.*start_instance.*mcp:inbox"));
            assertThat(asks(page).nth(0)).containsText("asked-for");
            assertThat(asks(page).nth(2)).containsText(Pattern.compile("1 AAPL.*at 10.00"));
            assertThat(asks(page).nth(3)).containsText(Pattern.compile("chat.*confirm_order.*in its chat.*AAPL"));
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "approvals-waiting");

            // By keyboard; what moves up below a second click is not answered by it.
            asks(page).nth(0).getByText("Approve").focus();
            page.keyboard().press("Enter");
            assertThat(asks(page)).hasCount(3);
            assertThat(page.locator("main")).isFocused();
            assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("Approved")))
                    .containsText("start_instance");
            await().until(() -> dashboard.status("asked-for").equals("running"));
            asks(page).nth(0).getByText("Deny").dblclick();
            assertThat(asks(page)).hasCount(2);
            assertThat(answered(page, "denied")).containsText("start_instance");

            // An order leaves by its own question, in which its symbol is typed.
            asks(page).nth(0).getByText("Confirm…").click();
            Locator question = page.getByRole(AriaRole.DIALOG);
            assertThat(button(question, "Confirm and send")).isDisabled();
            question.getByRole(AriaRole.TEXTBOX).fill("AAPL");
            button(question, "Confirm and send").click();
            assertThat(question).isHidden();
            assertThat(asks(page)).hasCount(1);
            assertThat(answered(page, "approved")).containsText("buy 1 AAPL");

            // Answered elsewhere: it goes here as well.
            assertThat(dashboard
                            .gateway()
                            .post("/api/approvals/" + waiting().path("id").asText() + "/deny", "")
                            .status())
                    .isEqualTo(200);
            assertThat(page.locator("main")).containsText("Nothing waits for you");
            assertThat(count(page)).isHidden();
        }
        assertThat(dashboard.status("unwanted")).isEqualTo("stopped");
        await().until(() -> upstream.orders().size() == 1);
    }

    @Test
    void a_token_is_made_shown_once_and_revoked() {
        try (Visitor visitor =
                dashboard.visitor().expecting(complaint -> complaint.contains("401") || complaint.contains("400"))) {
            Page page = visitor.open(dashboard.url("/events/tokens"));
            Locator dialog = page.getByRole(AriaRole.DIALOG);
            // This machine's user is the operator, but not for this.
            assertThat(dialog).containsText("The admin password is needed");
            assertThat(Visitor.barriers(page)).isEmpty();
            page.keyboard().press("Escape");
            assertThat(dialog).isHidden();
            assertThat(page.locator(".failure")).containsText("admin password");
            button(page, "Refresh").click();
            dialog.locator("[name=password]").fill(RunningGateway.PASSWORD);
            button(dialog, "Log in").click();
            assertThat(dialog).isHidden();
            assertThat(page.locator(".failure")).isHidden();

            button(page, "New token").click();
            dialog.locator("[name=name]").fill("claude");
            dialog.getByText("read", new Locator.GetByTextOptions().setExact(true))
                    .click();
            button(dialog, "Make it").click();
            assertThat(dialog.getByRole(AriaRole.ALERT)).containsText("at least one thing");
            dialog.getByText("operate").click();
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "token-new");
            button(dialog, "Make it").click();
            assertThat(dialog).containsText("shown this once");
            String token = dialog.locator("code").textContent();
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "token-made");
            page.keyboard().press("Escape");
            assertThat(dialog).isVisible();
            button(dialog, "Done").click();
            assertThat(dialog).isHidden();
            assertThat(page.locator("body")).not().containsText(token);
            Locator row = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("claude"));
            assertThat(row).containsText(Pattern.compile("MCP client.*operate.*never"));
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "tokens");
            assertThat(tools(token)).isEqualTo(200);
            button(page, "Refresh").click();
            assertThat(row).not().containsText("never");

            button(page, "Revoke claude").click();
            button(dialog, "Revoke").click();
            assertThat(dialog).isHidden();
            assertThat(row).isHidden();
            assertThat(tools(token)).isEqualTo(401);
        }
    }

    private static Locator count(Page page) {
        return page.locator(".side li")
                .filter(new Locator.FilterOptions().setHasText("Approvals"))
                .locator(".count");
    }

    private static Locator asks(Page page) {
        return page.locator(".ask");
    }

    private static Locator answered(Page page, String answer) {
        return page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions().setHasText(answer))
                .first();
    }

    private String key() {
        return dashboard
                .gateway()
                .post("/api/admin/tokens", "{\"kind\":\"mcp\",\"name\":\"inbox\"}", "Authorization", ADMIN)
                .body()
                .path("token")
                .asText();
    }

    private void start(String key, String name) {
        JsonNode answer = call(
                        key, "tools/call", "{\"name\":\"start_instance\",\"arguments\":{\"name\":\"" + name + "\"}}")
                .body();
        assertThat(answer.at("/result/structuredContent/status").asText()).isEqualTo("waiting");
    }

    private int tools(String key) {
        return call(key, "tools/list", "{}").status();
    }

    private RunningGateway.Reply call(String key, String method, String params) {
        return dashboard
                .gateway()
                .post(
                        "/mcp",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}",
                        "Authorization",
                        "Bearer " + key);
    }

    private String order() {
        return dashboard
                .gateway()
                .post(
                        "/api/orders",
                        "{\"client_order_id\":\"inbox-1\",\"symbol\":\"AAPL\",\"side\":\"buy\",\"quantity\":1,"
                                + "\"order_type\":\"limit\",\"limit_price\":10}")
                .body()
                .path("order_id")
                .asText();
    }

    /** Has a tool of the chat ask as well. */
    private void ask(String order) {
        try (WsClient chat = WsClient.connect(dashboard.gateway().ws("/ws/chat"))) {
            chat.next("session_start");
            chat.send("{\"type\":\"message\",\"content\":\"/confirm " + order + "\"}");
            assertThat(chat.next("tool_call").path("approval").asText()).isEqualTo("required");
        }
    }

    private JsonNode waiting() {
        return dashboard
                .gateway()
                .get("/api/approvals?status=waiting")
                .body()
                .path("approvals")
                .path(0);
    }
}
