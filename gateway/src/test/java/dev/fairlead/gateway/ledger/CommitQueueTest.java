package dev.fairlead.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommitQueueTest {
    private final ManualTime time = new ManualTime();
    private final HandJournal journal = new HandJournal();
    private final CommitQueue queue = new CommitQueue(new Ledger(journal, names -> List.of(), List.of(), time));
    private final List<String> seen = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();

    @Test
    void nothing_is_released_before_what_was_decided_before_it_is_kept() {
        tell("begins");
        keep("call");
        tell("called");
        keep("end");
        tell("ended");
        assertThat(seen).containsExactly("begins");
        journal.commit();
        assertThat(seen).containsExactly("begins", "called");
        journal.commit();
        assertThat(seen).containsExactly("begins", "called", "ended");
        assertThat(kept).containsSubsequence("call", "end");
    }

    @Test
    void while_the_database_is_away_it_waits_and_goes_on_where_it_was() {
        keep("call");
        tell("called");
        for (int i = 0; i < 3; i++) {
            journal.away();
            assertThat(queue.isWaiting()).isTrue();
            time.advance(Ledger.RETRY);
        }
        assertThat(seen).isEmpty();
        journal.commit();
        assertThat(queue.isWaiting()).isFalse();
        assertThat(seen).containsExactly("called");
    }

    @Test
    void where_the_answer_to_a_commit_is_lost_nothing_is_released_by_it() {
        keep("call");
        tell("called");
        journal.commitUnheard();
        assertThat(seen).isEmpty();
        time.advance(Ledger.RETRY);
        journal.commit();
        assertThat(seen).containsExactly("called");
    }

    @Test
    void what_cannot_be_kept_for_what_it_is_is_told_before_what_comes_after_it_goes_on() {
        queue.keep(
                () -> c -> {
                    throw new IllegalArgumentException("too long");
                },
                cause -> seen.add("refused: " + cause.getMessage()));
        tell("goes on");
        journal.commit();
        assertThat(seen).containsExactly("refused: too long", "goes on");
    }

    @Test
    void where_the_gateway_ends_nothing_more_is_released() {
        keep("call");
        tell("called");
        Future<Void> empty = queue.empty();
        journal.close();
        time.advance(Duration.ofMinutes(1));
        assertThat(seen).isEmpty();
        assertThat(empty.succeeded()).isTrue();
    }

    @Test
    void what_an_effect_decides_comes_after_what_was_decided_before() {
        queue.release(() -> {
            seen.add("first");
            tell("third");
        });
        queue.release(() -> {
            tell("fifth");
            seen.add("fourth");
        });
        assertThat(seen).containsExactly("first", "third", "fourth", "fifth");
    }

    @Test
    void what_is_decided_at_once_is_due_before_the_first_of_it_is_done() {
        queue.together(() -> {
            queue.release(() -> seen.add("stopped, nothing due: " + queue.isEmpty()));
            keep("end");
            tell("ended");
        });
        assertThat(seen).containsExactly("stopped, nothing due: false");
        journal.commit();
        assertThat(seen).endsWith("ended");
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void it_is_empty_when_all_so_far_is_done() {
        assertThat(queue.empty().isComplete()).isTrue();
        keep("call");
        Future<Void> empty = queue.empty();
        assertThat(queue.isEmpty()).isFalse();
        assertThat(empty.isComplete()).isFalse();
        keep("end");
        journal.commit();
        assertThat(empty.isComplete()).isFalse();
        journal.commit();
        assertThat(empty.succeeded()).isTrue();
        assertThat(queue.isEmpty()).isTrue();
    }

    private void tell(String what) {
        queue.release(() -> seen.add(what));
    }

    private void keep(String what) {
        queue.keep(
                () -> c -> {
                    kept.add(what);
                    return what;
                },
                cause -> seen.add("refused: " + cause.getMessage()));
    }
}
