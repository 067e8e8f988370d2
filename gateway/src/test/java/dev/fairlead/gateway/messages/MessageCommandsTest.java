package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageCommandsTest {
    @Test
    void a_sender_that_hears_nothing_in_time_is_told_that_it_may_be_stored_and_how_to_repeat_it() {
        FairleadException late = new MessageCommands.Send(
                        "a",
                        "b",
                        "t",
                        RawJson.ofText("1"),
                        Optional.empty(),
                        Optional.of("k"),
                        Optional.empty(),
                        Optional.empty())
                .late();

        assertThat(late.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(late).hasMessageContaining("may have been stored; repeat with the same idempotency_key");
    }
}
