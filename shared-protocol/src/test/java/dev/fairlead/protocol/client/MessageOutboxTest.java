package dev.fairlead.protocol.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageOutboxTest {
    private final Map<String, Promise<AgentData.Accepted>> sent = new LinkedHashMap<>();
    private final List<String> order = new ArrayList<>();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final MessageOutbox outbox = new MessageOutbox(this::send, later::add);

    private Future<AgentData.Accepted> send(AgentData.Send data) {
        Promise<AgentData.Accepted> answer = Promise.promise();
        String key = data.idempotencyKey().orElseThrow();
        sent.put(key, answer);
        order.add(key);
        return answer.future();
    }

    private Future<AgentData.Accepted> add(String key) {
        Promise<AgentData.Accepted> taken = Promise.promise();
        outbox.add(OutgoingMessage.of("b", "t", 1).withIdempotencyKey(key), taken);
        return taken.future();
    }

    private void answer(String key) {
        sent.get(key).complete(new AgentData.Accepted("id-" + key, "accepted"));
    }

    private void lose(String key) {
        sent.get(key).fail(new FairleadException(ErrorCode.CONNECTION_LOST, "lost"));
    }

    @Test
    void what_was_lost_goes_again_in_the_order_given_with_the_same_keys() {
        List<String> keys = List.of("1", "2", "3");
        keys.forEach(this::add);
        List.of("3", "1", "2").forEach(this::lose);
        order.clear();
        add("4");
        assertThat(order).isEmpty();
        later.remove().run();
        assertThat(order).containsExactly("1", "2", "3", "4");
    }

    @Test
    void an_accepted_message_is_not_sent_again() {
        Future<AgentData.Accepted> first = add("1");
        add("2");
        answer("1");
        lose("2");
        order.clear();
        later.remove().run();
        assertThat(first.result().messageId()).isEqualTo("id-1");
        assertThat(order).containsExactly("2");
    }

    @Test
    void a_refusal_that_will_not_change_is_told() {
        Future<AgentData.Accepted> refused = add("1");
        sent.get("1").fail(new FairleadException(ErrorCode.UNKNOWN_RECIPIENT, "nobody"));
        assertThat(refused.failed()).isTrue();
        assertThat(later).isEmpty();
    }

    @Test
    void at_most_64_are_under_way() {
        for (int i = 0; i < 100; i++) {
            add("" + i);
        }
        assertThat(order).hasSize(MessageOutbox.WINDOW);
        answer("0");
        assertThat(order).hasSize(MessageOutbox.WINDOW + 1);
    }

    @Test
    void past_its_bound_it_is_busy() {
        for (int i = 0; i < MessageOutbox.MAX_WAITING; i++) {
            add("" + i);
        }
        assertThat(((FairleadException) add("more").cause()).code()).isEqualTo(ErrorCode.BUSY);
    }
}
