package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "agent.heartbeat", "inbox.9f_-Z", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p", "-", "_.-.0"})
    void a_subject_is_tokens_joined_by_dots(String text) {
        assertThat(Subject.parse(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                ".a",
                "a..b",
                "a b",
                "a.*",
                "a.>",
                "é",
                "a\n",
                "a\u0000",
                "a/b",
                "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q"
            })
    void anything_else_is_refused(String text) {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> Subject.parse(text))
                .matches(e -> e.code() == ErrorCode.INVALID_ENVELOPE);
    }

    @Test
    void a_subject_has_at_most_255_characters() {
        assertThat(Subject.isValid("a".repeat(255))).isTrue();
        assertThat(Subject.isValid("a".repeat(256))).isFalse();
    }

    @Test
    void a_refusal_does_not_repeat_what_was_sent() {
        assertThatExceptionOfType(FairleadException.class)
                .isThrownBy(() -> Subject.parse("hunter2 "))
                .withMessageNotContaining("hunter2");
    }

    @Test
    void tokens_are_the_parts_between_the_dots() {
        assertThat(Subject.parse("a.b.c").tokens()).containsExactly("a", "b", "c");
    }

    @Test
    void a_request_for_another_agent_names_it_and_what_it_sees() {
        assertThat(Subject.parse("agents.agent-2.task.run").agentTarget())
                .contains(new Subject.AgentTarget("agent-2", Subject.parse("task.run")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"agents", "agents.x", "agents.X.run", "agents.-x.run", "agent.x.run", "inbox.agents.x.run"})
    void what_names_no_agent_or_no_request_is_none_for_another_agent(String text) {
        assertThat(Subject.parse(text).agentTarget()).isEmpty();
    }

    @Test
    void only_inboxes_are_inboxes() {
        assertThat(Subject.parse("inbox.1").isInbox()).isTrue();
        assertThat(Subject.parse("inbox").isInbox()).isFalse();
        assertThat(Subject.parse("inboxes.1").isInbox()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agent.register",
                "message.deliver",
                "chat.turn",
                "token.state",
                "quote.update",
                "order.update",
                "log.append",
                "inbox.1",
                "test.echo",
                "error",
                "error.x"
            })
    void what_the_gateway_says_is_reserved(String text) {
        assertThat(Subject.parse(text).isReserved()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"messages.deliver", "work", "greet.chat.turn", "errors", "Agent.register", "agents.x.run"})
    void what_agents_say_to_each_other_is_not(String text) {
        assertThat(Subject.parse(text).isReserved()).isFalse();
    }

    @Test
    void a_request_without_reply_is_answered_on_its_ack() {
        assertThat(Subject.parse("agent.heartbeat").ack()).hasToString("agent.heartbeat.ack");
    }

    @Test
    void an_ack_that_would_be_no_subject_is_refused() {
        Subject full = Subject.parse(String.join(".", Collections.nCopies(16, "a")));
        assertThatExceptionOfType(FairleadException.class).isThrownBy(full::ack);
    }
}
