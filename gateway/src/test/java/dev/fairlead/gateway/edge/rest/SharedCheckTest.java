package dev.fairlead.gateway.edge.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SharedCheckTest {
    private final List<Runnable> later = new ArrayList<>();
    private int asked;
    private final SharedCheck<Integer> check = new SharedCheck<>(new Later(), () -> Future.succeededFuture(++asked));

    @Test
    void who_asks_now_and_then_hears_how_it_is_now() {
        for (int i = 1; i <= SharedCheck.FRESH_A_SECOND; i++) {
            assertThat(check.result().result()).isEqualTo(i);
        }
    }

    @Test
    void a_flood_of_questions_is_answered_with_what_was_found_last_until_the_second_is_over() {
        int found = 0;
        for (int i = 0; i < 1000; i++) {
            found = check.result().result();
        }
        assertThat(found).isEqualTo(asked).isEqualTo(SharedCheck.FRESH_A_SECOND);

        assertThat(later).hasSize(1);
        later.get(0).run();
        assertThat(check.result().result()).isEqualTo(SharedCheck.FRESH_A_SECOND + 1);
    }

    /** Runs nothing by itself. */
    private final class Later implements Scheduler {
        @Override
        public Cancellable after(Duration delay, Runnable task) {
            later.add(task);
            return () -> later.remove(task);
        }

        @Override
        public Cancellable every(Duration period, Runnable task) {
            return after(period, task);
        }
    }
}
