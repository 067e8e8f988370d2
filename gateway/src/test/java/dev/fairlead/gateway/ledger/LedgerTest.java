package dev.fairlead.gateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.store.Fence;
import dev.fairlead.gateway.store.WriteUnit;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private final ManualTime time = new ManualTime();
    private final HandJournal journal = new HandJournal();
    private final Ledger ledger = new Ledger(journal, this::fences, List.of(LeaseName.UPSTREAM), time);
    private final List<String> seen = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();

    @Test
    void nothing_is_released_before_its_commit_and_who_asked_is_answered_last() {
        Future<String> asked = ledger.commit(c -> "order", it -> seen.add("released " + it));
        asked.onSuccess(it -> seen.add("answered " + it));
        assertThat(seen).isEmpty();
        journal.commit();
        assertThat(seen).containsExactly("released order", "answered order");
    }

    @Test
    void what_is_handed_over_together_is_released_in_that_order() {
        for (int i = 1; i <= 3; i++) {
            ledger.commit(number(i), it -> seen.add("released " + it));
        }
        assertThat(journal.waiting()).as("handed over at once, for one group").isEqualTo(3);
        journal.commit();
        assertThat(seen).containsExactly("released 1", "released 2", "released 3");
    }

    @Test
    void what_is_wanted_is_refused_while_the_database_is_away_and_nothing_of_it_follows() {
        Future<String> asked = ledger.commit(c -> "order", it -> seen.add("released " + it));
        journal.away();
        assertThat(refusal(asked)).isEqualTo(ErrorCode.STORAGE_UNAVAILABLE);
        time.advance(Duration.ofMinutes(1));
        assertThat(journal.waiting())
                .as("it is not tried again behind who asked")
                .isZero();
        assertThat(seen).isEmpty();
    }

    @Test
    void a_release_that_fails_is_told_to_who_asked() {
        Future<String> asked = ledger.commit(c -> "order", it -> {
            throw new FairleadException(ErrorCode.NAME_TAKEN, "taken");
        });
        journal.commit();
        assertThat(refusal(asked)).isEqualTo(ErrorCode.NAME_TAKEN);
    }

    @Test
    void what_is_true_already_is_kept_when_the_database_is_back_as_it_is_by_then() {
        AtomicInteger truth = new AtomicInteger(1);
        AtomicInteger delays = new AtomicInteger();
        Future<String> fact = ledger.keep(() -> keeping("fact " + truth.get()), delays::incrementAndGet);
        journal.away();
        assertThat(fact.isComplete()).isFalse();
        assertThat(delays).hasValue(1);
        time.advance(Ledger.RETRY.minusMillis(1));
        assertThat(journal.waiting()).isZero();
        time.advance(Duration.ofMillis(1));
        journal.away();
        truth.set(7);
        time.advance(Ledger.RETRY);
        journal.commit();
        assertThat(fact.result()).isEqualTo("fact 7");
        assertThat(kept).containsOnly("fact 7");
    }

    @Test
    void where_it_is_not_known_whether_a_fact_was_kept_it_is_kept_again() {
        Future<String> fact = ledger.keep(() -> keeping("fact"), () -> {});
        journal.commitUnheard();
        assertThat(fact.isComplete()).isFalse();
        time.advance(Ledger.RETRY);
        journal.commit();
        assertThat(fact.result()).isEqualTo("fact");
    }

    @Test
    void a_fact_that_is_refused_for_what_it_is_is_not_tried_again() {
        Future<String> fact = ledger.keep(
                () -> c -> {
                    throw new IllegalArgumentException("too long");
                },
                () -> seen.add("delayed"));
        journal.commit();
        assertThat(fact.cause()).hasMessage("too long");
        time.advance(Duration.ofMinutes(1));
        assertThat(journal.waiting()).isZero();
        assertThat(seen).isEmpty();
    }

    @Test
    void a_fact_is_let_go_of_where_the_gateway_ends() {
        Future<String> fact = ledger.keep(() -> keeping("fact"), () -> {});
        journal.close();
        assertThat(Ledger.isEnd(fact.cause())).isTrue();
        time.advance(Duration.ofMinutes(1));
        assertThat(journal.waiting()).isZero();
    }

    @Test
    void each_commit_stands_under_the_fences_of_what_is_acted_for() {
        ledger.commit(number(1));
        ledger.commit(number(2), it -> {});
        ledger.keep(() -> number(3), () -> {});
        journal.away();
        time.advance(Ledger.RETRY);
        assertThat(journal.under()).hasSize(4).containsOnly(List.of(fence(LeaseName.UPSTREAM)));
    }

    @Test
    void a_commit_stands_under_what_it_names_beside_and_is_given_those_fences() {
        Future<List<Fence>> asked = ledger.commit(() -> List.of(LeaseName.JANITOR), fences -> c -> fences);
        journal.commit();
        assertThat(asked.result()).containsExactly(fence(LeaseName.UPSTREAM), fence(LeaseName.JANITOR));
        assertThat(journal.under()).containsExactly(asked.result());
    }

    private WriteUnit<String> keeping(String what) {
        return c -> {
            kept.add(what);
            return what;
        };
    }

    private static WriteUnit<Integer> number(int number) {
        return c -> number;
    }

    private List<Fence> fences(Supplier<? extends Collection<LeaseName>> names) {
        return names.get().stream().map(LedgerTest::fence).toList();
    }

    private static Fence fence(LeaseName name) {
        return new Fence(name.text(), "node-a", 7);
    }

    private static ErrorCode refusal(Future<?> failed) {
        return Bus.refusal(failed.cause()).code();
    }
}
