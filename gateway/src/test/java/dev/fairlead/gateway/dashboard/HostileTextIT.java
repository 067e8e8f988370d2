package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.RunningGateway;
import dev.fairlead.gateway.testing.WsClient;
import dev.fairlead.protocol.FrameCodec;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever programs, agents and models say is text, and nothing of it runs. */
@Tag("attack")
class HostileTextIT extends WithDashboard {
    private static final List<String> PAYLOADS = List.of(
            "<script>window.pwned=1</script>",
            "<img src=x onerror=window.pwned=1>",
            "\"><svg onload=window.pwned=1>",
            "javascript:window.pwned=1",
            "[a](javascript:window.pwned=1) <a href=\"javascript:window.pwned=1\">b</a>",
            "</textarea><iframe srcdoc='<script>parent.pwned=1</script>'>",
            "{{constructor.constructor('window.pwned=1')()}} ${window.pwned=1}");

    @Test
    void a_log_is_text() {
        Speaker speaker = dashboard.speaker("evil-log");
        PAYLOADS.forEach(speaker::say);
        speaker.say(
                "\u001b[31m" + PAYLOADS.get(1) + "\u001b[0m",
                "\u001b]8;;javascript:window.pwned=1\u0007link\u001b]8;;\u0007");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/instances/evil-log"));
            for (String payload : PAYLOADS) {
                assertThat(page.locator(".log-text").getByText(payload).first()).isVisible();
            }
            assertThat(page.getByRole(AriaRole.LOG).locator("script, img, svg, iframe, .log-text a"))
                    .hasCount(0);
            assertNothingRan(page);
        }
    }

    @Test
    void message_types_and_payloads_are_text() {
        Agents agents = new Agents(dashboard.gateway());
        try (WsClient sender = agents.register("evil-sender");
                WsClient receiver = agents.register("evil-receiver")) {
            for (String payload : PAYLOADS) {
                ObjectNode message = FrameCodec.object()
                        .put("from", "evil-sender")
                        .put("to", "evil-receiver")
                        .put("type", payload)
                        .put("correlation_id", payload);
                message.putObject("payload").put("<b onclick=window.pwned=1>key", payload);
                RunningGateway.Reply reply = dashboard.gateway().post("/api/messages", message.toString());
                assertThat(reply.status()).isIn(202, 400, 422);
            }
            ObjectNode plain = FrameCodec.object()
                    .put("from", "evil-sender")
                    .put("to", "evil-receiver")
                    .put("type", "plain.type");
            plain.putObject("payload").put("text", PAYLOADS.get(1));
            assertThat(dashboard
                            .gateway()
                            .post("/api/messages", plain.toString())
                            .status())
                    .isEqualTo(202);
            sender.send("{\"subject\":\"agent.heartbeat\",\"data\":{}}");
            receiver.next("message.deliver");
            try (Visitor visitor = dashboard.visitor()) {
                Page page = visitor.open(dashboard.url("/messages"));
                Locator row = page.getByText("plain.type").first();
                assertThat(row).isVisible();
                row.click();
                assertThat(page.locator("main")).containsText("onerror=window.pwned");
                assertNothingRan(page);
            }
        }
    }

    @Test
    void what_an_agent_says_of_itself_is_text() {
        ObjectNode registration = FrameCodec.object().put("subject", "agent.register");
        ObjectNode about = registration
                .putObject("data")
                .put("token", dashboard.gateway().registrationToken("evil-agent"))
                .put("version", PAYLOADS.get(1));
        PAYLOADS.forEach(about.putArray("capabilities")::add);
        try (WsClient agent = WsClient.connect(dashboard.gateway().ws("/ws/agent"));
                Visitor visitor = dashboard.visitor()) {
            agent.send(registration.toString());
            agent.next(frame ->
                    frame.toString().contains("agent_id") || frame.toString().contains("\"error\""));
            Page page = visitor.open(dashboard.url("/instances/evil-agent/health"));
            assertThat(Visitor.link(page)).hasText("Live");
            assertThat(page.locator("main")).containsText("evil-agent");
            assertNothingRan(page);
        }
    }

    @Test
    void a_chat_is_text() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/chat"));
            for (String payload : PAYLOADS.subList(0, 5)) {
                Chats.ask(page, "/send nobody x " + payload);
                assertThat(Visitor.button(page, "Copy answer").last()).isVisible();
            }
            assertThat(page.locator(".turn")).hasCount(5);
            assertThat(page.locator(".turn script, .turn img, .turn iframe, .turn a[href^='javascript']"))
                    .hasCount(0);
            assertNothingRan(page);
        }
    }

    @Test
    void what_stands_in_the_address_is_text() {
        try (Visitor visitor = dashboard.visitor().expecting(complaint -> complaint.contains("/api/"))) {
            for (String path : List.of("/?q=", "/?show=", "/messages?instance=", "/messages?correlation_id=", "/no/")) {
                Page page = visitor.open(dashboard.url(path + "%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D1%3E"));
                assertThat(page.locator("main h1, main h2").first()).isVisible();
                assertNothingRan(page);
                page.close();
            }
        }
    }

    private static void assertNothingRan(Page page) {
        assertThat(page.evaluate("() => window.pwned === undefined")).isEqualTo(true);
    }
}
