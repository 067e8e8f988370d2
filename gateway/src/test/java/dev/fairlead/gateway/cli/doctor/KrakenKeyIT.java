package dev.fairlead.gateway.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.simulator.Fault;
import dev.fairlead.gateway.upstream.simulator.RunningSimulator;
import dev.fairlead.gateway.upstream.simulator.SimulatedAccount;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the doctor says of a key of Kraken's, with a Kraken to ask. */
class KrakenKeyIT {
    private final RunningSimulator upstream = RunningSimulator.start();

    @AfterEach
    void close() {
        upstream.close();
    }

    private List<Finding> examine() {
        return KrakenKeyCheck.run(
                Settings.of("upstream.kind=kraken", "upstream.base_url=" + upstream.baseUrl(), "orders.enabled=true"),
                Map.of(
                        "KRAKEN_API_KEY",
                        SimulatedAccount.KRAKEN_KEY,
                        "KRAKEN_API_SECRET",
                        SimulatedAccount.KRAKEN_SECRET),
                TimeSource.system());
    }

    @Test
    void a_key_that_serves_is_said_to_and_both_calls_are_tried() {
        assertThat(examine()).singleElement().asString().contains("takes the key");
        assertThat(upstream.count("kraken_token")).isOne();
        assertThat(upstream.count("kraken_open_orders")).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "KRAKEN_INVALID_NONCE, make a key for Fairlead alone",
        "KRAKEN_PERMISSION_DENIED, Access WebSockets API",
        "KRAKEN_INVALID_KEY, copy KRAKEN_API_KEY",
        "KRAKEN_INVALID_SIGNATURE, copy KRAKEN_API_KEY",
        "KRAKEN_LOCKOUT, later"
    })
    void a_refusal_is_told_with_what_mends_it_and_no_secret(Fault fault, String remedy) {
        upstream.faults().on(fault);
        assertThat(examine())
                .singleElement()
                .asString()
                .contains(remedy)
                .doesNotContain(SimulatedAccount.KRAKEN_KEY, SimulatedAccount.KRAKEN_SECRET);
    }

    @Test
    void a_kraken_that_cannot_be_reached_is_no_fault_of_the_key() {
        upstream.faults().on(Fault.SERVER_ERROR);
        assertThat(examine()).singleElement().asString().contains("does not answer");
    }

    @Test
    void without_a_key_of_krakens_nobody_is_asked() {
        assertThat(KrakenKeyCheck.run(Settings.of("upstream.kind=simulator"), Map.of(), TimeSource.system()))
                .isEmpty();
    }
}
