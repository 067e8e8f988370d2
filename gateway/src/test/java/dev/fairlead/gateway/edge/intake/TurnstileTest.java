package dev.fairlead.gateway.edge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final Turnstile turnstile = new Turnstile(4, 2);
    private final List<String> in = new ArrayList<>();

    @Test
    void all_come_in_by_the_order_of_their_arrival() {
        for (int i = 0; i < 5; i++) {
            arrive("a", "a" + i);
        }
        assertThat(in).containsExactly("a0", "a1");
        for (int i = 0; i < 5; i++) {
            turnstile.leave("a");
        }
        assertThat(in).containsExactly("a0", "a1", "a2", "a3", "a4");
    }

    @Test
    void one_address_leaves_places_to_others() {
        for (int i = 0; i < 10; i++) {
            arrive("a", "a" + i);
        }
        arrive("b", "b0");
        arrive("c", "c0");
        arrive("d", "d0");
        assertThat(in).containsExactly("a0", "a1", "b0", "c0");
        turnstile.leave("b"); // the next in line has its share
        assertThat(in).endsWith("d0");
        turnstile.leave("a");
        assertThat(in).endsWith("a2");
    }

    private void arrive(String share, String name) {
        turnstile.arrive(share, () -> in.add(name));
    }
}
