package dev.fairlead.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.ChatCommand.Abort;
import dev.fairlead.protocol.ChatCommand.Approve;
import dev.fairlead.protocol.ChatCommand.Deny;
import dev.fairlead.protocol.ChatCommand.Message;
import dev.fairlead.protocol.ChatCommand.Ping;
import dev.fairlead.protocol.FrameCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Against a gateway of a few lines: it answers pings and keeps what a test has it keep. */
class ChatDialogueTest implements ChatDialogue.Gateway {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<ChatCommand> sent = new ArrayList<>();
    private final Deque<Consumer<Optional<List<JsonNode>>>> reads = new ArrayDeque<>();
    private final List<JsonNode> kept = new ArrayList<>();
    private final ChatDialogue dialogue = new ChatDialogue(
            this,
            new ChatOutput(new Console(
                    new ByteArrayInputStream(new byte[0]),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    Map.of(),
                    Path.of("/"))),
            () -> {});
    private Optional<ExitStatus> left = Optional.empty();

    @Test
    void one_message_is_sent_at_a_time() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.typed("b");
        assertThat(asked()).containsExactly("a");
        done("1");
        assertThat(asked()).containsExactly("a", "b");
        dialogue.inputEnded();
        assertThat(left).isEmpty();
        done("2");
        assertThat(left).contains(ExitStatus.OK);
        assertThat(out()).isEqualTo("1\n2\n");
    }

    @Test
    void a_message_the_gateway_never_got_is_sent_again_with_its_key() {
        dialogue.connected(false);
        dialogue.typed("a");
        reconnect();
        assertThat(asked()).containsExactly("a", "a");
        assertThat(messages().get(1)).isEqualTo(messages().get(0));
    }

    @Test
    void a_message_that_is_under_way_is_not_sent_again() {
        dialogue.connected(false);
        dialogue.typed("a");
        keep("user", "t1", "queued", "a", key(0));
        reconnect();
        assertThat(asked()).containsExactly("a");
        done("answer");
        assertThat(out()).isEqualTo("answer\n");
    }

    @Test
    void an_answer_given_meanwhile_is_shown_from_where_it_was_left() {
        dialogue.connected(false);
        dialogue.typed("a");
        hear("{'type':'chunk','content':'one '}");
        dialogue.inputEnded();
        keep("user", "t1", "done", "a", key(0));
        keep("assistant", "t1", "complete", "one two", "");
        reconnect();
        assertThat(out()).isEqualTo("one two\n");
        assertThat(left).contains(ExitStatus.OK);
    }

    @Test
    void a_turn_aborted_meanwhile_before_it_said_anything_is_over() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.inputEnded();
        keep("user", "t1", "aborted", "a", key(0));
        reconnect();
        assertThat(left).contains(ExitStatus.OK);
        assertThat(err()).contains("aborted");
    }

    @Test
    void what_was_read_before_a_turn_ended_does_not_count() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.lost();
        dialogue.connected(true);
        pong();
        hear("{'type':'done','full_response':'answer'}"); // ours or not? told while it is read
        List<JsonNode> stale = List.of(row("user", "t1", "running", "a", key(0)));
        reads.removeFirst().accept(Optional.of(stale));
        pong();
        assertThat(out()).isEmpty();
        keep("user", "t1", "done", "a", key(0));
        keep("assistant", "t1", "complete", "answer", "");
        catchUp();
        assertThat(out()).isEqualTo("answer\n");
        dialogue.inputEnded();
        assertThat(left).contains(ExitStatus.OK);
    }

    @Test
    void what_cannot_be_read_is_read_again() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.lost();
        dialogue.connected(true);
        pong();
        reads.removeFirst().accept(Optional.empty());
        keep("user", "t1", "done", "a", key(0));
        keep("assistant", "t1", "complete", "answer", "");
        catchUp();
        catchUp();
        assertThat(out()).isEqualTo("answer\n");
    }

    @Test
    void what_a_lost_connection_read_does_not_count() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.lost();
        dialogue.connected(true);
        pong();
        dialogue.lost();
        dialogue.connected(true);
        reads.removeFirst().accept(Optional.of(List.of()));
        assertThat(asked()).containsExactly("a");
        keep("user", "t1", "running", "a", key(0));
        catchUp();
        assertThat(asked()).containsExactly("a");
    }

    @Test
    void the_end_of_somebody_elses_turn_is_not_the_end_of_ours() {
        keep("user", "t0", "running", "theirs", "");
        dialogue.connected(true);
        catchUp();
        dialogue.typed("a");
        dialogue.inputEnded();
        keep("user", "t1", "queued", "a", key(0));
        kept.set(0, row("user", "t0", "done", "theirs", ""));
        hear("{'type':'chunk','content':'for them'}");
        done("for them");
        catchUp();
        assertThat(left).isEmpty();
        hear("{'type':'chunk','content':'for '}");
        kept.set(1, row("user", "t1", "done", "a", key(0)));
        done("for us");
        catchUp();
        assertThat(left).contains(ExitStatus.OK);
        assertThat(out()).isEqualTo("for them\nfor us\n");
    }

    @Test
    void an_error_that_ends_nothing_is_not_the_end_of_a_turn() {
        dialogue.connected(false);
        dialogue.typed("a");
        keep("user", "t1", "running", "a", key(0));
        hear("{'type':'chunk','content':'half '}");
        hear("{'type':'error','code':'AGENT_ERROR','message':'no such call waits'}");
        dialogue.typed("b");
        catchUp();
        assertThat(asked()).containsExactly("a");
        hear("{'type':'chunk','content':'whole'}");
        done("half whole");
        assertThat(out()).isEqualTo("half \nwhole\n");
        assertThat(asked()).containsExactly("a", "b");
    }

    @Test
    void a_refused_message_is_over_and_a_failure() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.inputEnded();
        hear("{'type':'error','code':'SESSION_BUSY','message':'full'}");
        catchUp();
        assertThat(asked()).containsExactly("a");
        assertThat(left).contains(ExitStatus.FAILED);
    }

    @Test
    void an_abort_that_came_too_late_does_not_hit_the_next_message() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.typed("b");
        dialogue.interrupted();
        done("answer");
        assertThat(asked()).containsExactly("a");
        hear("{'type':'aborted','partial_response':''}"); // nothing ran any more
        assertThat(asked()).containsExactly("a", "b");
        assertThat(sent).filteredOn(Abort.class::isInstance).hasSize(1);
    }

    @Test
    void a_second_interrupt_leaves() {
        dialogue.connected(false);
        dialogue.typed("a");
        dialogue.interrupted();
        assertThat(left).isEmpty();
        dialogue.interrupted();
        assertThat(left).contains(ExitStatus.OK);
    }

    @Test
    void a_call_is_decided_once_and_asked_about_again_on_a_new_connection_while_it_waits() {
        String call = "{'type':'tool_call','id':'c','name':'stop','args':{},'approval':'required'}";
        dialogue.connected(false);
        dialogue.typed("a");
        hear(call);
        keep("user", "t1", "running", "a", key(0));
        kept.add(call("t1", "c", "pending"));
        dialogue.lost();
        dialogue.connected(true);
        hear(call);
        catchUp();
        assertThat(err().split("may it call stop", -1)).hasSize(3);
        assertThat(err()).containsOnlyOnce("→ stop");
        dialogue.typed("Y");
        assertThat(sent).contains(new Approve("c"));
        kept.set(1, call("t1", "c", "running"));
        dialogue.lost();
        dialogue.connected(true);
        hear(call);
        catchUp();
        dialogue.typed("n");
        assertThat(sent).doesNotContain(new Deny("c"));
    }

    @Test
    void a_call_of_another_turn_is_left_to_those_who_asked_for_it() {
        keep("user", "t0", "error", "theirs", "");
        kept.add(call("t0", "c", "pending"));
        dialogue.connected(true);
        hear("{'type':'tool_call','id':'c','name':'stop','args':{},'approval':'required'}");
        catchUp();
        dialogue.typed("hello");
        assertThat(asked()).containsExactly("hello");
        dialogue.inputEnded();
        done("hi");
        assertThat(left).contains(ExitStatus.OK);
        assertThat(sent).noneMatch(Deny.class::isInstance);
    }

    @Test
    void pieces_that_were_void_are_not_mixed_with_those_that_stand() {
        dialogue.connected(false);
        dialogue.typed("a");
        hear("{'type':'chunk','content':'draft'}");
        hear("{'type':'chunk_reset'}");
        hear("{'type':'chunk','content':'fair '}");
        done("fair copy");
        dialogue.typed("b");
        hear("{'type':'chunk','content':'wrong'}");
        done("right");
        assertThat(out()).isEqualTo("draft\nfair copy\nwrong\nright\n");
    }

    @Override
    public void send(ChatCommand command) {
        sent.add(command);
    }

    @Override
    public void read(Optional<String> key, Consumer<Optional<List<JsonNode>>> then) {
        reads.addLast(then);
    }

    @Override
    public void leave(ExitStatus status) {
        left = left.or(() -> Optional.of(status));
    }

    private void reconnect() {
        dialogue.lost();
        dialogue.connected(true);
        catchUp();
    }

    /** Answers the pings that are open and gives what is kept, as often as it is asked for. */
    private void catchUp() {
        pong();
        if (!reads.isEmpty()) {
            reads.removeFirst().accept(Optional.of(List.copyOf(kept)));
            pong();
        }
    }

    private void pong() {
        long pings = sent.stream().filter(Ping.class::isInstance).count();
        sent.removeIf(Ping.class::isInstance);
        for (; pings > 0; pings--) {
            hear("{'type':'pong'}");
        }
    }

    private void hear(String frame) {
        dialogue.heard(FrameCodec.tree(frame.replace('\'', '"')));
    }

    private void done(String answer) {
        hear("{'type':'chunk_reset'}");
        hear("{'type':'done','full_response':'" + answer + "'}");
    }

    private void keep(String role, String turn, String status, String content, String key) {
        kept.add(row(role, turn, status, content, key));
    }

    private static JsonNode row(String role, String turn, String status, String content, String key) {
        var row = FrameCodec.object()
                .put("role", role)
                .put("turn_id", turn)
                .put("status", status)
                .put("content", content);
        return key.isEmpty() ? row : row.put("idempotency_key", key);
    }

    private static JsonNode call(String turn, String id, String status) {
        return FrameCodec.object()
                .put("role", "tool_call")
                .put("turn_id", turn)
                .put("status", status)
                .put("tool_call_id", id);
    }

    private List<Message> messages() {
        return sent.stream()
                .filter(Message.class::isInstance)
                .map(Message.class::cast)
                .toList();
    }

    private List<String> asked() {
        return messages().stream().map(Message::content).toList();
    }

    private String key(int message) {
        return messages().get(message).idempotencyKey().orElseThrow();
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
