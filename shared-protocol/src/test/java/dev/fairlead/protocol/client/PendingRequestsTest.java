package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentEnvelope;
import dev.fairlead.protocol.ErrorBody;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Subject;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {
    private static final Subject ASKED = new Subject("agents.b.run");
    private final List<Runnable> timers = new ArrayList<>();
    private final PendingRequests pending = new PendingRequests("p", (delay, action) -> {
        timers.add(action);
        return () -> timers.remove(action);
    });

    @Test
    void an_answer_reaches_the_one_who_asked() {
        Promise<JsonNode> first = Promise.promise();
        Promise<JsonNode> second = Promise.promise();
        open(first);
        Subject inbox = open(second);
        pending.answered(AgentEnvelope.of(inbox, Map.of("n", 2)));
        assertThat(second.future().result().path("n").asInt()).isEqualTo(2);
        assertThat(first.future().isComplete()).isFalse();
    }

    @Test
    void the_end_of_the_connection_passes_over_a_request_that_has_failed_already() {
        Promise<JsonNode> failed = Promise.promise();
        Promise<JsonNode> waiting = Promise.promise();
        open(failed);
        open(waiting);
        failed.fail("it could not be sent");

        pending.failAll("gone");

        assertThat(code(waiting)).isEqualTo(ErrorCode.CONNECTION_LOST);
    }

    @Test
    void an_answered_request_leaves_no_timer() {
        Subject inbox = open(Promise.promise());
        pending.answered(AgentEnvelope.of(inbox, Map.of()));
        assertThat(timers).isEmpty();
    }

    @Test
    void an_error_in_the_answer_fails_the_request() {
        Promise<JsonNode> answer = Promise.promise();
        Subject inbox = open(answer);
        pending.answered(AgentEnvelope.of(inbox, ErrorBody.of(ErrorCode.AGENT_OFFLINE, "b is offline")));
        assertThat(code(answer)).isEqualTo(ErrorCode.AGENT_OFFLINE);
    }

    @Test
    void a_request_fails_in_time_and_a_late_answer_is_nobodys() {
        Promise<JsonNode> answer = Promise.promise();
        Subject inbox = open(answer);
        timers.get(0).run();
        assertThat(code(answer)).isEqualTo(ErrorCode.TIMEOUT);
        pending.answered(AgentEnvelope.of(inbox, Map.of()));
        assertThat(answer.future().failed()).isTrue();
    }

    @Test
    void a_lost_connection_fails_all() {
        List<Promise<JsonNode>> answers = List.of(Promise.promise(), Promise.promise());
        answers.forEach(this::open);
        pending.failAll("gone");
        assertThat(answers).allMatch(answer -> code(answer) == ErrorCode.CONNECTION_LOST);
        assertThat(timers).isEmpty();
    }

    @Test
    void a_caller_that_never_waits_is_stopped() {
        for (int i = 0; i < PendingRequests.MAX; i++) {
            open(Promise.promise());
        }
        Promise<JsonNode> tooMany = Promise.promise();
        assertThat(pending.open(ASKED, Duration.ofSeconds(1), tooMany)).isEmpty();
        assertThat(code(tooMany)).isEqualTo(ErrorCode.BUSY);
    }

    private Subject open(Promise<JsonNode> answer) {
        return pending.open(ASKED, Duration.ofSeconds(1), answer).orElseThrow();
    }

    private static ErrorCode code(Promise<?> failed) {
        return ((FairleadException) failed.future().cause()).code();
    }
}
