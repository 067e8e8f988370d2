package dev.fairlead.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.cluster.AdmissionRules.Candidate;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionRulesTest {
    @Test
    void a_node_that_has_all_in_common_is_let_in() {
        assertThat(refusal(true, AdmissionRules.Key.SAME, Duration.ofSeconds(5), Optional.empty()))
                .isEmpty();
        assertThat(refusal(true, AdmissionRules.Key.SAME, Duration.ofSeconds(-5), Optional.empty()))
                .isEmpty();
    }

    @Test
    void a_clock_more_than_five_seconds_off_is_refused() {
        assertThat(refusal(true, AdmissionRules.Key.SAME, Duration.ofMillis(5001), Optional.empty()))
                .get()
                .asString()
                .contains("5001 ms ahead of", "NTP");
        assertThat(refusal(true, AdmissionRules.Key.SAME, Duration.ofSeconds(-6), Optional.empty()))
                .get()
                .asString()
                .contains("6000 ms behind");
    }

    @Test
    void another_password_is_refused() {
        assertThat(refusal(true, AdmissionRules.Key.ANOTHER_PASSWORD, Duration.ZERO, Optional.empty()))
                .get()
                .asString()
                .contains("admin password");
    }

    @Test
    void another_signing_key_is_refused() {
        assertThat(refusal(true, AdmissionRules.Key.ANOTHER_KEY, Duration.ZERO, Optional.empty()))
                .get()
                .asString()
                .contains("signing key", "auth.signing_key_file");
    }

    @Test
    void the_first_of_a_fleet_brings_the_key_that_signed_what_is_there() {
        assertThat(refusal(true, AdmissionRules.Key.NOT_THE_FIRST, Duration.ZERO, Optional.empty()))
                .get()
                .asString()
                .contains("agents of another node", "auth.signing_key_file");
    }

    @Test
    void a_password_that_was_made_up_is_refused() {
        assertThat(refusal(false, AdmissionRules.Key.SAME, Duration.ZERO, Optional.empty()))
                .get()
                .asString()
                .contains("FAIRLEAD_ADMIN_PASSWORD");
    }

    @Test
    void a_version_older_than_the_database_is_refused() {
        assertThat(refusal(true, AdmissionRules.Key.SAME, Duration.ZERO, Optional.of("999")))
                .get()
                .asString()
                .contains("999", "that version");
    }

    private static Optional<String> refusal(
            boolean passwordGiven, AdmissionRules.Key key, Duration skew, Optional<String> newerSchema) {
        return AdmissionRules.refusal(new Candidate(passwordGiven, key, skew, newerSchema));
    }
}
