package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.Cidr;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("attack")
class ClientAddressTest {
    private static final ClientAddress PROXIED =
            new ClientAddress(List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("10.0.0.0/8"), Cidr.parse("::1")));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        127.0.0.1 | 203.0.113.9 | 203.0.113.9
        127.0.0.1 | 198.51.100.1, 203.0.113.9 | 203.0.113.9
        127.0.0.1 | 198.51.100.1, 203.0.113.9, 10.1.2.3 | 203.0.113.9
        127.0.0.1 | 10.1.2.3, 10.1.2.4 | 10.1.2.3
        127.0.0.1 | 203.0.113.9:4711 | 203.0.113.9
        127.0.0.1 | [2001:db8::7]:4711 | 2001:db8:0:0:0:0:0:7
        ::1 | 2001:db8::7 | 2001:db8:0:0:0:0:0:7
        127.0.0.1 | unknown | 127.0.0.1
        127.0.0.1 | 198.51.100.1, evil, 10.1.2.3 | 10.1.2.3
        127.0.0.1 | '' | 127.0.0.1
        203.0.113.9 | 198.51.100.1 | 203.0.113.9
        """)
    void the_rightmost_that_is_no_proxys_counts(String peer, String forwardedFor, String client) {
        assertThat(PROXIED.of(peer, List.of(forwardedFor))).isEqualTo(client);
    }

    @Test
    void several_lines_are_one_list() {
        assertThat(PROXIED.of("127.0.0.1", Arrays.asList("198.51.100.1", "203.0.113.9, 10.0.0.1")))
                .isEqualTo("203.0.113.9");
    }

    @Test
    void without_trusted_proxies_nobody_chooses_an_address() {
        assertThat(new ClientAddress(List.of()).of("127.0.0.1", List.of("203.0.113.9")))
                .isEqualTo("127.0.0.1");
    }
}
