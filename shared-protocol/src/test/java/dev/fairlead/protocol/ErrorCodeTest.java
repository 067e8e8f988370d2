package dev.fairlead.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void every_code_is_found_by_its_name_on_the_wire() {
        assertThat(ErrorCode.values())
                .allSatisfy(c -> assertThat(ErrorCode.of(c.wire())).contains(c));
    }

    @Test
    void an_unknown_code_is_no_error() {
        assertThat(ErrorCode.of("from_the_future")).isEmpty();
    }

    @Test
    void chat_codes_are_upper_case_and_told_apart_from_those_of_the_other_wires() {
        assertThat(ErrorCode.of("INVALID_JSON")).contains(ErrorCode.CHAT_INVALID_JSON);
        assertThat(ErrorCode.of("invalid_json")).contains(ErrorCode.INVALID_JSON);
    }

    @Test
    void a_close_code_is_4000_plus_the_http_status() {
        assertThat(ErrorCode.INSTANCE_NOT_FOUND.closeCode()).isEqualTo(4404);
    }

    @Test
    void what_is_busy_or_briefly_gone_may_be_retried_and_what_is_wrong_may_not() {
        Set<Integer> transientStatuses = Set.of(408, 429, 502, 503, 504);
        assertThat(ErrorCode.values())
                .filteredOn(c -> transientStatuses.contains(c.httpStatus()))
                .allMatch(ErrorCode::retryable);
        assertThat(Arrays.stream(ErrorCode.values())
                        .filter(c -> c.httpStatus() < 408)
                        .filter(ErrorCode::retryable)
                        .collect(Collectors.toSet()))
                .isEmpty();
    }

    @Test
    void an_exception_carries_code_message_and_delay_and_costs_no_stack_trace() {
        FairleadException e = new FairleadException(ErrorCode.BUSY, "Backlog is full", Duration.ofSeconds(3));
        assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
        assertThat(e.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(e).hasMessage("Backlog is full");
        assertThat(e.getStackTrace()).isEmpty();
        assertThat(new FairleadException(ErrorCode.BUSY, "x").retryAfter()).isEmpty();
    }
}
