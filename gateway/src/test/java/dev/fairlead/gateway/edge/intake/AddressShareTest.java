package dev.fairlead.gateway.edge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressShareTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "2001:db8::1, 2001:db8::ffff:1, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "::1, 0:0:0:0:0:0:0:1, true",
        "/run/a.sock, /run/b.sock, false"
    })
    void one_v4_address_or_one_64_of_v6_counts_as_one(String first, String second, boolean same) {
        assertThat(AddressShare.of(first).equals(AddressShare.of(second))).isEqualTo(same);
    }
}
