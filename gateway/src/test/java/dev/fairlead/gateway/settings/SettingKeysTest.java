package dev.fairlead.gateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pins names and defaults: changing one is a change of the product, never an accident. */
class SettingKeysTest {

    @ParameterizedTest
    @CsvSource(delimiter = '=', textBlock = """
                    http.host=127.0.0.1
                    http.port=18800
                    http.behind_tls_proxy=false
                    http.tls_cert=''
                    http.tls_key=''
                    http.trusted_proxies=own
                    http.base_path=/
                    http.max_body=1MiB
                    http.handshake_timeout=5s
                    http.max_connections=30000
                    http.max_per_address=''
                    http.max_bodies=32MiB
                    http.max_unread=64MiB
                    auth.mode=auto
                    auth.allowed_origins=own
                    auth.allowed_hosts=own
                    auth.admin_password=''
                    auth.admin_password_file=''
                    auth.signing_key=''
                    auth.signing_key_file=''
                    auth.login_per_minute=5
                    auth.login_per_minute_total=20
                    data_dir=~/.fairlead
                    db.url=''
                    db.user=''
                    db.password=''
                    db.pool_size=4
                    db.direct_url=''
                    ws.idle_timeout=90s
                    ws.server_ping=30s
                    ws.max_frame=256KiB
                    ws.max_message=256KiB
                    ws.buffer_events=256
                    ws.buffer_bytes=1MiB
                    ws.slow_close_after=10s
                    ws.max_unregistered=64
                    ws.max_per_address=256
                    ws.max_per_address_loopback=20000
                    streams.ring_events=1000
                    streams.ring_bytes=1MiB
                    streams.max_views=1000
                    agents.registration_timeout=10s
                    agents.heartbeat_interval=30s
                    agents.stale_after=45s
                    agents.offline_after=90s
                    agents.request_timeout=30s
                    agents.request_max_pending=64
                    agents.max_rate=10000
                    agents.revoke_overlap=10m
                    messages.ack_timeout=30s
                    messages.max_attempts=5
                    messages.retry_initial=1s
                    messages.retry_cap=60s
                    messages.ttl=1h
                    messages.max_in_flight=64
                    messages.max_backlog=10000
                    messages.max_backlog_bytes=64MiB
                    messages.dedupe_memory=64MiB
                    instances.port_base=18801
                    instances.health_interval=10s
                    instances.stop_grace=10s
                    instances.on_shutdown=stop
                    instances.allowed_commands=any
                    instances.env_allow=none
                    instances.user=''
                    logs.poll_interval=500ms
                    logs.batch_window=100ms
                    logs.rotate_size=10MiB
                    logs.rotate_keep=5
                    token.warn_after=9m
                    token.refresh_after=12m
                    token.life=15m
                    upstream.kind=none
                    upstream.base_url=''
                    upstream.api_version=20251101
                    upstream.required=false
                    quotes.fresh_for=5s
                    quotes.rest_cache=1s
                    quotes.symbols=none
                    quotes.max_symbols=1000
                    orders.enabled=false
                    orders.account=''
                    orders.max_quantity=100
                    orders.max_notional=10000
                    orders.confirm=always
                    orders.max_per_minute=30
                    orders.max_per_day=''
                    orders.max_notional_per_day=''
                    orders.max_notional_per_agent_per_day=''
                    orders.confirm_ttl=15m
                    orders.symbols=any
                    approvals.ttl=24h
                    alerts.rules=instance_failed,instance_flapping,agent_gone,dead_letter,order_waiting,approval_waiting,token_unusable,disk_full
                    alerts.webhook_url=''
                    alerts.ntfy_url=''
                    alerts.ntfy_token=''
                    alerts.smtp_host=''
                    alerts.smtp_port=587
                    alerts.smtp_tls=starttls
                    alerts.smtp_user=''
                    alerts.smtp_password=''
                    alerts.mail_from=''
                    alerts.mail_to=none
                    chat.agent=operator
                    chat.queue=8
                    chat.queue_timeout=120s
                    llm.base_url=''
                    llm.model=''
                    llm.api_key=''
                    llm.first_timeout=120s
                    llm.idle_timeout=60s
                    llm.max_rounds=8
                    llm.max_history=64KiB
                    cluster.enabled=false
                    cluster.host=''
                    cluster.port=5701
                    cluster.bus_port=''
                    cluster.members=none
                    cluster.lease=10s
                    cluster.poll=250ms
                    log.format=text
                    log.level=info
                    shutdown.grace=10s
                    """)
    void a_default_is_what_is_published(String name, String defaultText) {
        assertThat(SettingKeys.find(name))
                .get()
                .extracting(SettingKey::defaultText)
                .isEqualTo(defaultText);
    }

    @Test
    void no_key_is_unpublished() {
        assertThat(SettingKeys.all()).hasSize(139);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void a_key_is_documented_and_passes_its_own_check(SettingKey key) {
        assertThat(key.doc()).endsWith(".").hasSizeBetween(10, 100);
        assertThat(key.name()).matches("([a-z]+\\.){0,2}[a-z_]+");
        if (!key.secret()) {
            key.type().check().accept(key.defaultText());
        }
    }

    @Test
    void no_two_keys_share_an_environment_variable() {
        List<String> variables =
                SettingKeys.all().stream().map(SettingKey::environmentName).toList();
        assertThat(variables).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "auth.admin_password",
        "auth.signing_key",
        "db.password",
        "llm.api_key",
        "alerts.webhook_url",
        "alerts.smtp_password"
    })
    void a_secret_is_marked_as_one(String name) {
        assertThat(SettingKeys.find(name)).get().extracting(SettingKey::secret).isEqualTo(true);
    }

    static Stream<SettingKey> keys() {
        return SettingKeys.all().stream();
    }
}
