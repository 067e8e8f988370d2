package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsChecksTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "gateway.example", "127.0.0.1.example", "::ffff:10.0.0.1"})
    void a_public_address_without_tls_and_password_does_not_start(String host) {
        assertThatThrownBy(() -> Settings.of("http.host=" + host))
                .hasMessageContaining("http.tls_cert")
                .hasMessageContaining("http.behind_tls_proxy=true")
                .hasMessageContaining("FAIRLEAD_ADMIN_PASSWORD");
    }

    @Test
    void a_public_address_with_tls_and_password_starts_and_needs_tokens() {
        Settings settings = Settings.of(
                "http.host=0.0.0.0", "http.tls_cert=/c", "http.tls_key=/k", "auth.admin_password=quite long enough");
        assertThat(settings.tokenRequired()).isTrue();
    }

    @Test
    void a_public_address_behind_a_tls_proxy_starts() {
        Settings.of("http.host=0.0.0.0", "http.behind_tls_proxy=true", "auth.admin_password_file=/p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"})
    void a_loopback_address_needs_neither(String host) {
        assertThat(Settings.of("http.host=" + host).tokenRequired()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    http.tls_cert=/c                 | http.tls_key
                    token.warn_after=12m             | token.refresh_after
                    token.refresh_after=20m          | token.life
                    agents.stale_after=20s           | agents.heartbeat_interval
                    agents.offline_after=45s         | agents.stale_after
                    ws.server_ping=90s               | ws.idle_timeout
                    ws.max_message=32KiB             | ws.max_frame
                    messages.retry_initial=2m        | messages.retry_cap
                    messages.ttl=30s                 | messages.ack_timeout
                    auth.login_per_minute=30         | auth.login_per_minute_total
                    upstream.required=true           | upstream.kind
                    orders.enabled=true              | upstream.kind
                    chat.agent=llm                   | llm.base_url
                    cluster.enabled=true             | db.url
                    cluster.port=65436               | cluster.bus_port
                    cluster.bus_port=5701            | cluster.port
                    cluster.lease=2999ms             | cluster.lease
                    cluster.poll=3334ms              | cluster.poll
                    """)
    void settings_that_clash_do_not_start(String assignment, String named) {
        assertThatThrownBy(() -> Settings.of(assignment)).hasMessageContaining(named);
    }

    @Test
    void other_nodes_speak_to_a_port_next_to_that_of_the_members_or_the_one_that_is_set() {
        assertThat(Settings.of("cluster.port=5702").cluster().busPort()).isEqualTo(5802);
        assertThat(Settings.of("cluster.port=65500", "cluster.bus_port=7")
                        .cluster()
                        .busPort())
                .isEqualTo(7);
    }

    @Test
    void two_passwords_do_not_start() {
        assertThatThrownBy(() -> Settings.of("auth.admin_password=a", "auth.admin_password_file=/p"))
                .hasMessageContaining("keep one");
    }
}
