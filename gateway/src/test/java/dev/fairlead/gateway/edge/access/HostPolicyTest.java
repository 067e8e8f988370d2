package dev.fairlead.gateway.edge.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.gateway.settings.Settings;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPolicyTest {
    private static final Settings SETTINGS =
            Settings.of("auth.allowed_hosts=gw.example", "auth.allowed_origins=https://other.example");
    private static final HostPolicy POLICY =
            new HostPolicy(SETTINGS.http(), SETTINGS.auth(), new Transport(SETTINGS.http()));

    @ParameterizedTest
    @CsvSource({
        "http, 18800, localhost:18800, http://localhost:18800",
        "http, 18800, localhost:18800, http://127.0.0.1:18800",
        "https, 18800, gw.example, https://gw.example",
        "https, 18800, gw.example:8443, https://gw.example:8443",
        "https, 18800, gw.example, https://gw.example:8443", // a proxy that passes on the name alone
        "http, 18800, gw.example, https://other.example",
        "http, 80, localhost, http://localhost"
    })
    void own_and_listed_pages_pass(String scheme, int port, String host, String origin) {
        assertThatCode(() -> POLICY.checkOrigin(List.of(origin), host, new Arrival("127.0.0.1", port, scheme)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "https, 18800, gw.example, http://gw.example", // the scheme is part of it
        "http, 18800, gw.example, https://gw.example",
        "http, 18800, localhost:18800, http://localhost:3000",
        "http, 18800, localhost:18800, http://localhost",
        "http, 80, localhost, http://localhost:3000",
        "https, 18800, gw.example, https://gw.example.evil.example:8443",
        "https, 18800, gw.example, null"
    })
    void others_do_not_and_are_told_what_mends_it(String scheme, int port, String host, String origin) {
        assertThatThrownBy(() -> POLICY.checkOrigin(List.of(origin), host, new Arrival("127.0.0.1", port, scheme)))
                .hasMessageContaining(scheme + "://" + host)
                .hasMessageContaining("proxy_set_header Host $http_host")
                .hasMessageContaining("always with a token");
    }
}
