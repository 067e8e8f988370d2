package dev.fairlead.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.HealthCommands.Status;
import dev.fairlead.gateway.store.WriteConnection;
import dev.fairlead.gateway.time.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final String BAD = "bad";

    /** A row {@code x=1} takes up {@code x=2}; the table has each once, in the order in which it came first. */
    private static final class Table implements Backlog.Entries<String> {
        private final Set<String> rows = new LinkedHashSet<>();
        private final List<Integer> batches = new ArrayList<>();

        @Override
        public Object key(String entry) {
            return entry.contains("=") ? entry.substring(0, entry.indexOf('=')) : new Object();
        }

        @Override
        public void keep(WriteConnection c, List<String> batch) {
            if (batch.contains(BAD)) {
                throw new IllegalArgumentException("too long");
            }
            batches.add(batch.size());
            rows.addAll(batch);
        }
    }

    private final ManualTime time = new ManualTime();
    private final HandJournal journal = new HandJournal();
    private final Table table = new Table();
    private final Backlog<String> backlog =
            new Backlog<>(new Ledger(journal, names -> List.of(), List.of(), time), "the table", table);

    @Test
    void what_comes_while_some_is_written_is_written_together_after_it() {
        backlog.add("1");
        backlog.add("2");
        backlog.add("3");
        assertThat(journal.waiting()).isEqualTo(1);
        journal.commit();
        journal.commit();
        assertThat(table.rows).containsExactly("1", "2", "3");
        assertThat(table.batches).containsOnly(1, 2);
        assertThat(journal.waiting()).isZero();
    }

    @Test
    void no_transaction_takes_more_than_a_batch() {
        IntStream.rangeClosed(0, 2 * Backlog.BATCH).forEach(i -> backlog.add("" + i));
        commitAll();
        assertThat(table.rows).hasSize(2 * Backlog.BATCH + 1);
        assertThat(table.batches).containsOnly(1, Backlog.BATCH);
    }

    @Test
    void what_waits_for_the_database_is_kept_in_its_order_when_that_is_back() {
        backlog.add("1");
        journal.away();
        backlog.add("2");
        assertThat(backlog.health().detail()).startsWith("2 entries wait");
        assertThat(backlog.health().status()).isEqualTo(Status.OK);
        time.advance(Ledger.RETRY);
        backlog.add("3");
        journal.away();
        time.advance(Ledger.RETRY);
        commitAll();
        assertThat(table.rows).containsExactly("1", "2", "3");
        assertThat(backlog.health().detail()).isEmpty();
    }

    @Test
    void where_it_is_not_known_whether_some_was_kept_it_is_kept_again() {
        backlog.add("1");
        journal.commitUnheard();
        time.advance(Ledger.RETRY);
        commitAll();
        assertThat(table.batches).hasSizeGreaterThan(1);
        assertThat(table.rows).containsExactly("1");
    }

    @Test
    void what_counts_on_takes_the_place_it_had() {
        backlog.add("x=1");
        backlog.add("y=1");
        journal.away();
        backlog.add("z");
        backlog.add("y=2");
        backlog.add("x=2");
        time.advance(Ledger.RETRY);
        commitAll();
        assertThat(table.rows).containsExactly("x=2", "y=2", "z");
    }

    @Test
    void what_counts_on_while_it_is_written_is_written_again() {
        backlog.add("x=1");
        backlog.add("x=2");
        commitAll();
        assertThat(table.rows).containsExactly("x=1", "x=2");
    }

    @Test
    void what_is_more_than_may_wait_is_not_kept_and_that_is_told() {
        IntStream.range(0, Backlog.MOST).forEach(i -> backlog.add(i + "="));
        backlog.add("late");
        backlog.add("7=again");
        journal.away();
        assertThat(backlog.health().status()).isEqualTo(Status.FAILED);
        time.advance(Ledger.RETRY);
        commitAll();
        assertThat(table.rows).hasSize(Backlog.MOST).contains("7=again").doesNotContain("7=", "late");
        assertThat(close()).as("not all is kept that came").isFalse();
    }

    @Test
    void one_that_is_refused_for_what_it_is_costs_no_other() {
        backlog.add("1");
        backlog.add("2");
        backlog.add(BAD);
        backlog.add("3");
        commitAll();
        assertThat(table.rows).containsExactly("1", "2", "3");
        backlog.add("4");
        backlog.add(BAD);
        commitAll();
        assertThat(backlog.health().detail()).startsWith("1 entries stand in the log only");
        backlog.add("5");
        commitAll();
        assertThat(backlog.health().status()).isEqualTo(Status.OK);
        assertThat(close()).as("not all is kept that came").isFalse();
    }

    @Test
    void who_waits_for_what_was_told_waits_for_its_commit_and_for_no_database_that_is_away() {
        assertThat(backlog.tried().isComplete()).isTrue();
        backlog.add("1");
        Future<Void> tried = backlog.tried();
        backlog.add("2");
        journal.commit();
        assertThat(tried.isComplete()).as("2 was told before, too").isFalse();
        journal.away();
        assertThat(tried.isComplete()).isTrue();
        assertThat(backlog.tried().isComplete()).isTrue();
    }

    @Test
    void a_close_waits_for_what_is_under_way_and_tries_what_waits_once() {
        backlog.add("1");
        Future<Boolean> closed = backlog.close();
        assertThat(closed.isComplete()).isFalse();
        journal.commit();
        assertThat(closed.result()).isTrue();
    }

    @Test
    void a_close_in_an_outage_tries_once_more_and_then_gives_up() {
        backlog.add("1");
        journal.away();
        backlog.add("2");
        Future<Boolean> closed = backlog.close();
        journal.away();
        assertThat(closed.result()).isFalse();
        time.advance(Duration.ofMinutes(1));
        commitAll();
        assertThat(table.rows).isEmpty();
    }

    @Test
    void a_close_at_the_end_of_an_outage_keeps_all() {
        backlog.add("1");
        journal.away();
        backlog.add("2");
        Future<Boolean> closed = backlog.close();
        commitAll();
        assertThat(closed.result()).isTrue();
        assertThat(table.rows).containsExactly("1", "2");
    }

    private boolean close() {
        Future<Boolean> closed = backlog.close();
        commitAll();
        return closed.result();
    }

    private void commitAll() {
        while (journal.waiting() > 0) {
            journal.commit();
        }
    }
}
