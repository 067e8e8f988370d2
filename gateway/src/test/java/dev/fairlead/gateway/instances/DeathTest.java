package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The end of a process, in words. */
class DeathTest {
    @Test
    void last_words_are_told_without_what_a_terminal_would_obey() {
        assertThat(Death.told(List.of("\u001b[1;31mERROR\u001b[0m locked", "\u001b[2Jgone\u0007")))
                .isEqualTo(". Its last lines: ERROR locked | gone");
    }

    @Test
    void who_said_nothing_is_not_quoted() {
        assertThat(Death.told(List.of())).isEmpty();
    }
}
