package dev.fairlead.gateway.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.fairlead.gateway.dashboard.Chats.answer;
import static dev.fairlead.gateway.dashboard.Chats.ask;
import static dev.fairlead.gateway.dashboard.Chats.message;
import static dev.fairlead.gateway.dashboard.Visitor.button;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.fairlead.gateway.testing.Agents;
import dev.fairlead.gateway.testing.WsClient;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Chats as people have them, with an agent whose every word the test decides. */
class ChatPageIT extends WithDashboard {
    private String token;
    private WsClient agent;

    @Override
    void furnish() {
        token = new Agents(dashboard.gateway()).permanentToken("scripted");
    }

    @BeforeEach
    void connect() {
        agent = new Agents(dashboard.gateway()).connect(token);
    }

    @AfterEach
    void leave() {
        agent.close();
    }

    @Test
    void an_answer_streams_in_with_its_tools_in_order_and_is_the_same_after_a_reload() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            ask(page, "What is up?");
            ScriptedTurn turn = ScriptedTurn.next(agent);
            turn.uses("1", "look");
            turn.uses("2", "listen");
            turn.says("All **is** ");
            assertThat(answer(page)).containsText("All is");
            turn.says("well");
            assertThat(answer(page)).containsText("All is well");
            turn.ends("All **is** well");

            assertThat(button(page, "Copy answer")).isVisible();
            assertThat(page.locator(".tool-name")).hasText(new String[] {"look", "listen"});
            assertThat(page.locator(".tool details[open]")).hasCount(0);
            page.locator(".tool summary").first().click();
            assertThat(page.locator(".tool").first()).containsText("seen by look");
            assertThat(page.locator(".answer strong")).hasText("is");
            String before = page.locator(".turn").textContent();
            assertThat(Visitor.barriers(page)).isEmpty();
            Visitor.picture(page, "chat-answer");

            page.reload();

            assertThat(page.locator(".tool-name")).hasText(new String[] {"look", "listen"});
            assertThat(page.locator(".tool details[open]")).hasCount(0);
            assertThat(answer(page)).containsText("All is well");
            assertThat(page.locator(".turn")).hasText(before);
        }
    }

    @Test
    @Tag("attack")
    void a_link_says_where_it_leads_and_an_escape_leaves_nothing() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            ask(page, "Where do I log in?");
            ScriptedTurn turn = ScriptedTurn.next(agent);
            turn.ends("At [https://bank.example](https://evil.example/login) or https://\u0430pple.com/ but not"
                    + " [here](/.//evil.example), and \u001b]8;;https://evil.example\u0007this\u001b]8;;\u0007.");

            assertThat(answer(page).locator("a").first()).hasText("https://bank.example (evil.example)");
            assertThat(answer(page).locator("a").nth(1)).containsText("(xn--pple-43d.com)");
            assertThat(answer(page).locator("a")).hasCount(2);
            assertThat(answer(page)).containsText("and this.");
        }
    }

    @Test
    @Tag("attack")
    void what_is_approved_is_read_as_it_is() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            ask(page, "Clean up");
            ScriptedTurn turn = ScriptedTurn.next(agent);
            turn.uses("1", "rm\u202etpircs");
            turn.ends("Done");

            assertThat(page.locator(".tool-name")).hasText("rm⟨U+202E⟩tpircs");
        }
    }

    @Test
    void a_turn_that_runs_is_taken_up_after_a_reload() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            ask(page, "Tell me a story");
            ScriptedTurn turn = ScriptedTurn.next(agent);
            turn.says("Once upon ");
            assertThat(answer(page)).containsText("Once upon");

            page.reload();

            assertThat(answer(page)).containsText("Once upon");
            turn.says("a time");
            assertThat(answer(page)).containsText("Once upon a time");
            turn.ends("Once upon a time");
            assertThat(button(page, "Copy answer")).isVisible();
            assertThat(page.locator(".turn")).hasCount(1);
        }
    }

    @Test
    void stop_stops_and_keeps_what_was_said() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            ask(page, "Count to a million");
            ScriptedTurn turn = ScriptedTurn.next(agent);
            turn.says("one, two");
            assertThat(answer(page)).containsText("one, two");

            button(page, "Stop the answer").click();

            assertThat(agent.next("chat.abort").at("/data/turn_id").asText()).isEqualTo(turn.id());
            assertThat(answer(page)).containsText("Stopped");
            assertThat(answer(page)).containsText("one, two");
            assertThat(button(page, "Stop the answer")).isHidden();
        }
    }

    @Test
    void two_tabs_are_in_step() {
        try (Visitor visitor = dashboard.visitor()) {
            Page first = open(visitor);
            ask(first, "Hello to both");
            ScriptedTurn turn = ScriptedTurn.next(agent);
            assertThat(first).hasURL(Pattern.compile("/chat/.+"));
            Page second = visitor.open(first.url());
            turn.says("Hello ");
            assertThat(answer(first)).containsText("Hello");
            assertThat(answer(second)).containsText("Hello");
            turn.ends("Hello you two");
            assertThat(answer(first)).containsText("Hello you two");
            assertThat(answer(second)).containsText("Hello you two");

            ask(second, "From the other one");
            ScriptedTurn next = ScriptedTurn.next(agent);
            assertThat(first.locator(".asked").last()).containsText("From the other one");
            next.ends("Heard");
            assertThat(answer(first)).containsText("Heard");
        }
    }

    @Test
    void a_draft_survives() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            message(page).fill("not sent yet");
            page.reload();
            assertThat(message(page)).hasValue("not sent yet");
            page.getByRole(
                            AriaRole.LINK,
                            new Page.GetByRoleOptions().setName("Fleet").setExact(true))
                    .click();
            page.goBack();
            assertThat(message(page)).hasValue("not sent yet");
        }
    }

    @Test
    void what_is_too_long_for_a_message_is_said_and_not_cut() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            String lines = (".".repeat(100) + "\n").repeat(700);
            message(page).fill(lines);
            assertThat(page.getByText("Too long by")).isVisible();
            assertThat(button(page, "Send")).isDisabled();
            message(page).press("Enter");
            assertThat(message(page)).hasValue(lines);
            assertThat(Visitor.link(page)).hasText("Live");

            message(page).fill("short");
            message(page).press("Enter");
            assertThat(message(page)).hasValue("");
            agent.next("chat.turn");
        }
    }

    @Test
    void an_agent_that_goes_away_is_said_with_a_way_to_go_on() {
        try (Visitor visitor = dashboard.visitor()) {
            Page page = open(visitor);
            ask(page, "Are you there?");
            agent.next("chat.turn");
            agent.close();

            assertThat(page.locator(".turn").getByRole(AriaRole.ALERT)).isVisible();
            assertThat(button(page, "Ask again")).isVisible();
        }
    }

    @Test
    void the_operator_answers_commands_with_the_gateways_own_tools() {
        dashboard.create("listed", "sleep", "1000");
        try (Visitor visitor = dashboard.visitor()) {
            Page page = visitor.open(dashboard.url("/chat"));
            ask(page, "/instances");
            assertThat(page.locator(".tool-name").first()).hasText("list_instances");
            assertThat(answer(page)).containsText("listed");
            assertThat(button(page, "Copy answer")).isVisible();
        }
    }

    private Page open(Visitor visitor) {
        Page page = visitor.open(dashboard.url("/chat"));
        page.getByLabel("Agent", new Page.GetByLabelOptions().setExact(true)).selectOption("agent:scripted");
        assertThat(message(page)).isEditable();
        return page;
    }
}
