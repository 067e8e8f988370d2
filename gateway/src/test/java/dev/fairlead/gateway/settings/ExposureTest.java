package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExposureTest {
    private static final String PASSWORD = "auth.admin_password=correct horse";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        auth.mode=auto | this machine alone; the user who runs it needs no token here (auth.mode=auto), all others do
        auth.mode=required | this machine alone; everybody needs a token
        http.behind_tls_proxy=true | this machine, and whoever the TLS proxy on it lets through; everybody needs a token
        auth.allowed_hosts=a.example | this machine, and whoever reaches a proxy on it by a.example (auth.allowed_hosts); the user who runs it needs no token here (auth.mode=auto), all others do
        http.host=0.0.0.0 http.behind_tls_proxy=true | other machines, through the TLS proxy in front; everybody needs a token
        http.host=0.0.0.0 http.tls_cert=/c http.tls_key=/k | other machines, over TLS; everybody needs a token
        """)
    void what_is_open_to_whom_is_told_from_all_settings(String settings, String told) {
        assertThat(exposure(settings, true).openTo()).isEqualTo(told);
    }

    @Test
    void where_the_owner_of_a_connection_is_not_told_nobody_is_trusted() {
        assertThat(exposure("auth.mode=auto", false).openTo())
                .endsWith("everybody needs a token, since this system does not tell whose a connection is");
    }

    @Test
    void who_trusts_a_user_is_told_what_a_forwarder_of_that_user_is() {
        assertThat(exposure("auth.mode=auto", true).warnings().toString()).contains("auth.mode=required");
        assertThat(exposure("auth.mode=required", true).warnings()).isEmpty();
        assertThat(exposure("http.behind_tls_proxy=true", true).warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"http.host=0.0.0.0", "http.host=127.0.0.1"})
    void a_short_password_is_refused_where_others_can_try_it(String host) {
        assertThatThrownBy(() -> Settings.of(host, "http.behind_tls_proxy=true", "auth.admin_password=short"))
                .hasMessageContaining("fewer than 12 characters")
                .hasMessageContaining("set a longer one")
                .hasMessageNotContaining("short\"");
        Settings.of(host, "http.behind_tls_proxy=true", "auth.admin_password=twelve-chars");
    }

    @Test
    void a_short_password_is_the_users_own_affair_on_a_machine_of_its_own() {
        assertThat(Settings.of("auth.admin_password=x").auth().adminPassword()).isPresent();
    }

    private static Exposure exposure(String settings, boolean ownersTold) {
        String[] all = (settings + " " + PASSWORD.replace(' ', '_')).split(" ", -1);
        return new Exposure(Settings.of(Arrays.copyOf(all, all.length)), ownersTold);
    }
}
