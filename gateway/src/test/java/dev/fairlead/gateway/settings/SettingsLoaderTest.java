package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

    @TempDir
    Path folder;

    @Test
    void a_later_source_wins() throws IOException {
        Path file = yaml("ws: {idle_timeout: 10m, max_frame: 1KiB}\nchat.queue: 3\nhttp.port: 1\n");
        Settings settings = SettingsLoader.nothing()
                .file(file)
                .environment(Map.of("FAIRLEAD_CHAT_QUEUE", "4", "FAIRLEAD_HTTP_PORT", "2"))
                .set(List.of("http.port=3", "http.port=4"))
                .load()
                .settings();
        assertThat(settings.ws().idleTimeout()).isEqualTo(Duration.ofMinutes(10));
        assertThat(settings.ws().maxFrame()).isEqualTo(new ByteSize(1024));
        assertThat(settings.chat().queue()).isEqualTo(4);
        assertThat(settings.http().port()).isEqualTo(4);
    }

    @Test
    void groups_may_nest_or_be_dotted() throws IOException {
        Path file = yaml(
                "# comment\nquotes:\n  symbols: [SPX, VIX]\nauth.allowed_hosts: a.example, b.example\ndb:\n  user:\n");
        Settings settings = SettingsLoader.nothing().file(file).load().settings();
        assertThat(settings.quotes().symbols()).containsExactly("SPX", "VIX");
        assertThat(settings.auth().allowedHosts()).containsExactly("a.example", "b.example");
        assertThat(settings.db().user()).isEmpty();
    }

    @Test
    void the_word_for_nothing_is_an_empty_list() {
        Settings settings = Settings.of("auth.allowed_origins=own", "orders.symbols=any");
        assertThat(settings.auth().allowedOrigins()).isEmpty();
        assertThat(settings.orders().symbols()).isEmpty();
    }

    @Test
    void the_password_has_a_short_variable() {
        Settings settings = SettingsLoader.nothing()
                .environment(Map.of("FAIRLEAD_ADMIN_PASSWORD", "hunter2"))
                .load()
                .settings();
        assertThat(settings.auth().adminPassword()).contains(Secret.of("hunter2"));
    }

    @Test
    void variables_of_clients_and_of_linked_services_are_left_alone() {
        SettingsLoader.nothing()
                .environment(Map.of(
                        "FAIRLEAD_URL",
                        "http://x",
                        "FAIRLEAD_TOKEN",
                        "t",
                        "FAIRLEAD_AGENT_NAME",
                        "a",
                        "FAIRLEAD_OUTPUT",
                        "json",
                        "FAIRLEAD_SERVICE_HOST",
                        "10.0.0.1",
                        "FAIRLEAD_PORT",
                        "tcp://x",
                        "FAIRLEAD_PORT_18800_TCP",
                        "tcp://x",
                        "PATH",
                        "/bin"))
                .load();
    }

    @Test
    void every_problem_is_told_at_once_with_its_place() throws IOException {
        Path file = yaml("http:\n  prot: 18800\n  port: eighty\n");
        SettingsLoader loader = SettingsLoader.nothing()
                .file(file)
                .environment(Map.of("FAIRLEAD_WS_IDLE_TIMOUT", "3s"))
                .set(List.of("ws.server_ping=fast", "nonsense"));
        List<String> problems =
                catchThrowableOfType(SettingsException.class, loader::load).problems();
        assertThat(problems)
                .containsExactly(
                        "line 2 of " + file + ": http.prot = '18800': no setting of that name; did you mean http.port?",
                        "line 3 of " + file + ": http.port = 'eighty': expected a whole number from 0 to 65535",
                        "environment variable FAIRLEAD_WS_IDLE_TIMOUT: no setting of that name; did you mean"
                                + " FAIRLEAD_WS_IDLE_TIMEOUT?",
                        "--set: ws.server_ping = 'fast': expected a duration such as 500ms, 30s, 12m, 1h or 7d",
                        "--set takes key=value, as in --set http.port=18800");
    }

    @ParameterizedTest
    @CsvSource({
        "http.hots, http.host",
        "HTTP.PORT, http.port",
        "ws.idletimeout, ws.idle_timeout",
        "messages.max_inflight, messages.max_in_flight",
        "agent.stale_after, agents.stale_after",
        "datadir, data_dir"
    })
    void an_unknown_key_is_told_its_neighbour(String wrong, String right) {
        assertThatThrownBy(() -> Settings.of(wrong + "=1")).hasMessageContaining("did you mean " + right + "?");
    }

    @Test
    void a_group_is_told_its_keys() {
        assertThatThrownBy(() -> Settings.of("log=1")).hasMessageContaining("log.format, log.level");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http.port=65536",
                "http.port=-1",
                "http.port=",
                "http.host=a b",
                "auth.mode=none",
                "ws.max_frame=0",
                "ws.max_frame=2GiB",
                "ws.idle_timeout=0",
                "ws.idle_timeout=1",
                "ws.idle_timeout=1.5s",
                "ws.idle_timeout=99999999d",
                "orders.max_quantity=0",
                "orders.max_notional=-1",
                "orders.confirm=above",
                "orders.enabled=yes",
                "chat.agent=agent:",
                "chat.agent=agent:Upper",
                "upstream.base_url=ftp://x",
                "upstream.base_url=http://u:p@x",
                "db.url=jdbc:mysql:x",
                "db.url=jdbc:postgresql://h/d?password=x",
                "auth.signing_key=c2hvcnQ=",
                "log.level=loud"
            })
    void a_bad_value_is_refused_by_its_key(String assignment) {
        assertThatThrownBy(() -> Settings.of(assignment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(assignment.substring(0, assignment.indexOf('=')))
                .hasMessageContaining("expected");
    }

    @Test
    void zero_turns_the_ping_off() {
        assertThat(Settings.of("ws.server_ping=0").ws().serverPing()).isZero();
        assertThat(Settings.of("ws.server_ping=0s").ws().serverPing()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- a\n- b\n",
                "just text",
                "a: [",
                "http: {port: 1}\nhttp.port: 2\n",
                "x: &a {y: 1}\nz: *a\n",
                "chat: {queue: [[1]]}\n",
                "? [a]\n: 1\n",
                "a: 1\n---\nb: 2\n",
                "a: \u0001\n"
            })
    void a_file_that_is_no_map_of_settings_is_refused(String yaml) throws IOException {
        Path file = yaml(yaml);
        assertThatThrownBy(() -> SettingsLoader.nothing().file(file).load())
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void an_empty_file_sets_nothing() throws IOException {
        assertThat(SettingsLoader.nothing().file(yaml("# nothing\n")).load().settings())
                .isEqualTo(Settings.defaults());
    }

    @Test
    void a_missing_file_is_told() {
        assertThatThrownBy(() ->
                        SettingsLoader.nothing().file(folder.resolve("no.yaml")).load())
                .hasMessageContaining("does not exist");
    }

    private Path yaml(String text) throws IOException {
        return Files.writeString(folder.resolve("gateway.yaml"), text);
    }
}
