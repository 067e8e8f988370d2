package dev.fairlead.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteBehindTest {
    private final ManualTime time = new ManualTime();
    private final HandJournal journal = new HandJournal();
    private final List<String> kept = new ArrayList<>();
    private final List<String> caughtUp = new ArrayList<>();
    private final WriteBehind<String, String> behind = new WriteBehind<>(
            new Ledger(journal, names -> List.of(), List.of(), time),
            (thing, what) -> caughtUp.add(thing + " is " + what));
    private String truth = "running";

    @Test
    void what_is_kept_in_time_is_acted_on_as_kept_and_not_before() {
        Future<Boolean> acted = happened();
        time.advance(WriteBehind.PATIENCE.minusMillis(1));
        assertThat(acted.isComplete()).isFalse();
        journal.commit();
        assertThat(acted.result()).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(journal.waiting()).as("nothing is left to do").isZero();
        assertThat(behind.isBehind("worker")).isFalse();
        assertThat(caughtUp).isEmpty();
    }

    @Test
    void without_a_database_it_is_acted_on_at_once_and_kept_when_that_is_back_as_it_is_by_then() {
        Future<Boolean> acted = happened();
        journal.away();
        assertThat(acted.result()).isFalse();
        assertThat(behind.isBehind("worker")).isTrue();
        retry();
        journal.away();
        truth = "stopped";
        retry();
        journal.commit();
        assertThat(kept).containsOnly("stopped");
        assertThat(caughtUp).containsExactly("worker is stopped");
        assertThat(behind.isBehind("worker")).isFalse();
    }

    @Test
    void a_database_that_does_not_answer_is_not_waited_for() {
        Future<Boolean> acted = happened();
        time.advance(WriteBehind.PATIENCE);
        assertThat(acted.result()).isFalse();
        assertThat(behind.isBehind("worker")).isTrue();
        retry();
        journal.commit(); // what happened then, and what is true now, in that order
        assertThat(caughtUp).containsExactly("worker is running");
    }

    @Test
    void what_happens_to_a_thing_that_is_behind_is_acted_on_at_once_and_not_lost() {
        happened();
        journal.away();
        retry();
        assertThat(journal.waiting()).isEqualTo(1); // as running
        truth = "stopped";
        assertThat(happened().result()).isFalse();
        journal.commit();
        assertThat(caughtUp).as("what is kept is not what is true").isEmpty();
        journal.commit();
        assertThat(kept).endsWith("stopped");
        assertThat(caughtUp).containsExactly("worker is stopped");
    }

    @Test
    void what_changes_otherwise_while_it_is_on_its_way_is_kept_as_well() {
        happened();
        journal.away();
        retry();
        truth = "archived";
        behind.changed("worker");
        journal.commit();
        assertThat(caughtUp).isEmpty();
        journal.commit();
        assertThat(caughtUp).containsExactly("worker is archived");
    }

    @Test
    void one_thing_that_is_behind_holds_up_no_other() {
        happened();
        journal.away();
        Future<Boolean> other = behind.happened("other", keep("running"), () -> keep("running"));
        journal.commit();
        assertThat(other.result()).isTrue();
        assertThat(behind.isBehind("other")).isFalse();
        assertThat(behind.isBehind("worker")).isTrue();
    }

    @Test
    void what_cannot_be_kept_for_what_it_is_stays_behind_until_it_becomes_something_else() {
        truth = "too long";
        happened();
        journal.away();
        retry();
        journal.commit();
        time.advance(Duration.ofMinutes(1));
        assertThat(journal.waiting()).isZero();
        assertThat(behind.isBehind("worker")).isTrue();
        truth = "stopped";
        assertThat(happened().result()).isFalse();
        retry();
        journal.commit();
        assertThat(caughtUp).containsExactly("worker is stopped");
    }

    private Future<Boolean> happened() {
        return behind.happened("worker", keep(truth), () -> keep(truth));
    }

    private WriteUnit<String> keep(String what) {
        return c -> {
            if (what.equals("too long")) {
                throw new IllegalArgumentException(what);
            }
            kept.add(what);
            return what;
        };
    }

    private void retry() {
        time.advance(Ledger.RETRY);
    }
}
