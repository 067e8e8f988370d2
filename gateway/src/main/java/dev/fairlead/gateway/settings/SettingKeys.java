package dev.fairlead.gateway.settings;

import static dev.fairlead.gateway.settings.SettingType.alertRules;
import static dev.fairlead.gateway.settings.SettingType.amount;
import static dev.fairlead.gateway.settings.SettingType.apiVersion;
import static dev.fairlead.gateway.settings.SettingType.basePath;
import static dev.fairlead.gateway.settings.SettingType.chatAgent;
import static dev.fairlead.gateway.settings.SettingType.choice;
import static dev.fairlead.gateway.settings.SettingType.cidrs;
import static dev.fairlead.gateway.settings.SettingType.confirmation;
import static dev.fairlead.gateway.settings.SettingType.flag;
import static dev.fairlead.gateway.settings.SettingType.host;
import static dev.fairlead.gateway.settings.SettingType.httpUrl;
import static dev.fairlead.gateway.settings.SettingType.jdbcUrl;
import static dev.fairlead.gateway.settings.SettingType.list;
import static dev.fairlead.gateway.settings.SettingType.mails;
import static dev.fairlead.gateway.settings.SettingType.number;
import static dev.fairlead.gateway.settings.SettingType.optionalAccount;
import static dev.fairlead.gateway.settings.SettingType.optionalAmount;
import static dev.fairlead.gateway.settings.SettingType.optionalCount;
import static dev.fairlead.gateway.settings.SettingType.optionalHost;
import static dev.fairlead.gateway.settings.SettingType.optionalMail;
import static dev.fairlead.gateway.settings.SettingType.optionalNumber;
import static dev.fairlead.gateway.settings.SettingType.optionalPath;
import static dev.fairlead.gateway.settings.SettingType.optionalText;
import static dev.fairlead.gateway.settings.SettingType.path;
import static dev.fairlead.gateway.settings.SettingType.prices;
import static dev.fairlead.gateway.settings.SettingType.size;
import static dev.fairlead.gateway.settings.SettingType.time;
import static dev.fairlead.gateway.settings.SettingType.timeOrOff;

import dev.fairlead.protocol.OrderMode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The table of settings: the one place that names a key, its default and its meaning. A new setting is a row here, a
 * component in {@link Settings} and a line in {@link SettingsBinder}.
 */
public final class SettingKeys {

    private static final int MANY = 1_000_000;

    private static final Map<String, SettingKey> BY_NAME = byName(List.of(
            key("http.host", host(), "127.0.0.1", "The address to listen on."),
            key("http.port", number(0, 65_535), "18800", "The one port for everything; 0 takes a free one."),
            key("http.behind_tls_proxy", flag(), "false", "A proxy in front speaks TLS and sets X-Forwarded-*."),
            key("http.tls_cert", optionalPath(), "", "Certificate chain (PEM); with tls_key the gateway speaks TLS."),
            key("http.tls_key", optionalPath(), "", "Private key of the certificate (PEM)."),
            key(
                    "http.trusted_proxies",
                    cidrs("own"),
                    "own",
                    "Proxies (CIDR) whose X-Forwarded-For is believed; own: loopback where behind a TLS proxy."),
            key("http.base_path", basePath(), "/", "The path below which a proxy has the gateway."),
            key("http.max_body", size("1KiB"), "1MiB", "The largest body of a request."),
            key("http.handshake_timeout", time(), "5s", "From the connection to its whole first request."),
            key("http.max_connections", number(1, MANY), "30000", "The most connections at a time."),
            key(
                    "http.max_per_address",
                    optionalNumber(1, MANY),
                    "",
                    "What one address (IPv6: one /64) may have of each bound for all; half of it where none is set."),
            key("http.max_bodies", size("1MiB"), "32MiB", "All bodies together while they come in."),
            key("http.max_unread", size("1MiB"), "64MiB", "All answers together that their clients do not take."),
            key(
                    "auth.mode",
                    choice(Settings.AuthMode.class),
                    "auto",
                    "auto: the user who runs the gateway needs no token on this machine; required: all need one."),
            key("auth.allowed_origins", list("own"), "own", "Further pages that may call, as https://host:port."),
            key("auth.allowed_hosts", list("own"), "own", "Further names under which the gateway is addressed."),
            secret(
                    "auth.admin_password",
                    SettingType.secret(),
                    "The admin password; FAIRLEAD_ADMIN_PASSWORD sets it too."),
            key("auth.admin_password_file", optionalPath(), "", "A file with the admin password."),
            secret(
                    "auth.signing_key",
                    SettingType.signingKey(),
                    "The key that signs tokens, 32 bytes or more in base64; one is made where none is set."),
            key("auth.signing_key_file", optionalPath(), "", "A file with that key."),
            key("auth.login_per_minute", number(1, MANY), "5", "Tries at the password a minute, per address."),
            key("auth.login_per_minute_total", number(1, MANY), "20", "Tries at the password a minute, all together."),
            key("data_dir", path(), "~/.fairlead", "Where everything is kept."),
            key(
                    "db.url",
                    jdbcUrl(),
                    "",
                    "JDBC URL (H2, PostgreSQL); the H2 file in the data folder where none is set."),
            key("db.user", optionalText(), "", "The database's user."),
            secret("db.password", SettingType.secret(), "The database's password."),
            key("db.pool_size", number(1, 64), "4", "Connections that read; one more writes."),
            key(
                    "db.direct_url",
                    jdbcUrl(),
                    "",
                    "Behind a pooler (PgBouncer): the PostgreSQL server itself, for the lock against a second gateway."),
            key("ws.idle_timeout", time(), "90s", "A socket that sends nothing for so long is closed."),
            key("ws.server_ping", timeOrOff(), "30s", "How often the gateway pings a stream's socket; 0 is never."),
            key("ws.max_frame", size("1KiB"), "256KiB", "The largest WebSocket frame taken."),
            key("ws.max_message", size("1KiB"), "256KiB", "The largest WebSocket message taken."),
            key("ws.buffer_events", number(1, MANY), "256", "Undelivered events held for a socket."),
            key("ws.buffer_bytes", size("1KiB"), "1MiB", "Undelivered bytes held for a socket."),
            key("ws.slow_close_after", time(), "10s", "A full socket that takes nothing for so long is closed."),
            key("ws.max_unregistered", number(1, MANY), "64", "Agents' sockets that have not registered yet."),
            key("ws.max_per_address", number(1, MANY), "256", "Sockets from one address."),
            key("ws.max_per_address_loopback", number(1, MANY), "20000", "Sockets from this machine."),
            key("streams.ring_events", number(1, MANY), "1000", "Events a stream keeps for those who resume."),
            key("streams.ring_bytes", size("1KiB"), "1MiB", "Bytes a stream keeps for those who resume."),
            key("streams.max_views", number(1, MANY), "1000", "Differently filtered views of one stream."),
            key("agents.registration_timeout", time(), "10s", "An agent that has not registered by then is closed."),
            key("agents.heartbeat_interval", time(), "30s", "How often an agent is told to heartbeat."),
            key("agents.stale_after", time(), "45s", "An agent silent for so long is stale."),
            key("agents.offline_after", time(), "90s", "An agent silent for so long is closed and offline."),
            key("agents.request_timeout", time(), "30s", "How long a request to an agent may take."),
            key("agents.request_max_pending", number(1, MANY), "64", "Unanswered requests of one sender."),
            key(
                    "agents.max_rate",
                    number(1, MANY),
                    "10000",
                    "Frames an agent may send a second, twice as many at once."),
            key("agents.revoke_overlap", timeOrOff(), "10m", "How long an old token is good after its rotation."),
            key("messages.ack_timeout", time(), "30s", "How long an agent holds a message before it is retried."),
            key("messages.max_attempts", number(1, 1000), "5", "Deliveries before a message is a dead letter."),
            key("messages.retry_initial", time(), "1s", "The wait before the first retry; it doubles."),
            key("messages.retry_cap", time(), "60s", "The longest wait before a retry."),
            key("messages.ttl", time(), "1h", "How long a message may wait, where it does not say."),
            key("messages.max_in_flight", number(1, MANY), "64", "Unacknowledged messages of one agent."),
            key(
                    "messages.max_backlog",
                    number(1, MANY),
                    "10000",
                    "Waiting messages of one recipient; more are refused."),
            key(
                    "messages.max_backlog_bytes",
                    size("64KiB"),
                    "64MiB",
                    "Payloads that wait for one recipient, and from one sender; more are refused."),
            key(
                    "messages.dedupe_memory",
                    size("64KiB"),
                    "64MiB",
                    "Memory for idempotency keys of 24 h; past it they are looked up in the database."),
            key("instances.port_base", number(1, 65_535), "18801", "The first port given to instances."),
            key("instances.health_interval", time(), "10s", "Between two checks of an instance's port."),
            key("instances.stop_grace", time(), "10s", "From TERM to KILL."),
            key(
                    "instances.on_shutdown",
                    choice(Settings.OnShutdown.class),
                    "stop",
                    "stop ends instances with the gateway, leave lets the next one adopt them."),
            key(
                    "instances.allowed_commands",
                    list("any"),
                    "any",
                    "Executables that instances may run; where set, their env is limited to instances.env_allow."),
            key(
                    "instances.env_allow",
                    list("none"),
                    "none",
                    "Further variables that instances get from the gateway's environment, or may set."),
            key(
                    "instances.user",
                    optionalAccount(),
                    "",
                    "The account instances run as; needs root. None is the gateway's own."),
            key(
                    "instances.cgroup",
                    optionalPath(),
                    "",
                    "The control group, this gateway's alone, whose parts keep instances to limits. None is its own."),
            key("logs.poll_interval", time(), "500ms", "Between two looks at a log where nothing notifies."),
            key("logs.batch_window", time(), "100ms", "How long lines are gathered under load."),
            key("logs.rotate_size", size("4KiB"), "10MiB", "The size at which an instance's log is rotated."),
            key("logs.rotate_keep", number(1, 100), "5", "Rotated logs kept of an instance."),
            key("logs.search_time", time(), "30s", "How long one search over logs goes on."),
            key("logs.search_bytes", size("1MiB", "1024GiB"), "4GiB", "What one search over logs looks through."),
            key("logs.search_lines", number(1, 1_000_000), "10000", "Lines that one search over logs finds."),
            key("token.warn_after", time(), "9m", "The age at which the upstream token is expiring_soon."),
            key("token.refresh_after", time(), "12m", "The age at which a new upstream token is fetched."),
            key("token.life", time(), "15m", "The life of the upstream token where the upstream states none."),
            key("upstream.kind", choice(Settings.UpstreamKind.class), "none", "Whose market data and orders."),
            key("upstream.base_url", httpUrl(), "", "Another address than the provider's own."),
            key("upstream.api_version", apiVersion(), "20251101", "The version of tastytrade's API that is asked for."),
            key("upstream.required", flag(), "false", "Refuse to start without valid upstream credentials."),
            key("quotes.fresh_for", time(), "5s", "How long a streamed quote counts as fresh."),
            key("quotes.rest_cache", timeOrOff(), "1s", "How long a quote fetched by REST is used again."),
            key("quotes.symbols", list("none"), "none", "Symbols subscribed from the start."),
            key("quotes.max_symbols", number(1, MANY), "1000", "Symbols followed at a time."),
            key("orders.enabled", flag(), "false", "Whether orders are taken at all."),
            key(
                    "orders.mode",
                    choice(OrderMode.class),
                    "live",
                    "live, or paper: filled here against the live quote, nothing is sent."),
            key(
                    "orders.account",
                    optionalText(),
                    "",
                    "The upstream account that orders go to; none is needed for paper."),
            key("orders.max_quantity", amount(), "100", "The largest quantity of an order."),
            key("orders.max_notional", amount(), "10000", "The largest notional of an order."),
            key(
                    "orders.confirm",
                    confirmation(),
                    "always",
                    "When a person confirms: never, always or above:<notional>."),
            key("orders.max_per_minute", number(1, MANY), "30", "Orders an agent may place within a minute."),
            key("orders.max_per_day", optionalNumber(1, MANY), "", "Orders an agent may place within a day (UTC)."),
            key(
                    "orders.max_notional_per_day",
                    optionalAmount(),
                    "",
                    "The notional of all within a day, open and filled."),
            key(
                    "orders.max_notional_per_agent_per_day",
                    optionalAmount(),
                    "",
                    "The notional of an agent's within a day, open and filled."),
            key("orders.confirm_ttl", time(), "15m", "How long an order waits for a person before it expires."),
            key(
                    "orders.on_agent_lost",
                    choice(Settings.OnAgentLost.class),
                    "keep",
                    "What becomes of the orders of an agent that goes offline: keep or cancel."),
            key("orders.symbols", list("any"), "any", "Symbols that may be traded."),
            key("approvals.ttl", time(), "24h", "How long a call or request waits for a person before it expires."),
            key(
                    "alerts.rules",
                    alertRules(),
                    AlertRule.USUAL,
                    "What is told: kind, kind=value or kind@name=value, as the page on alerts has them."),
            secret("alerts.webhook_url", httpUrl(), "Alerts are posted there, as JSON."),
            secret("alerts.ntfy_url", httpUrl(), "A topic of ntfy that alerts are published to."),
            secret("alerts.ntfy_token", SettingType.secret(), "An access token for that topic."),
            key("alerts.smtp_host", optionalHost(), "", "The mail server that alerts go out by."),
            key("alerts.smtp_port", number(1, 65_535), "587", "The port of that mail server."),
            key(
                    "alerts.smtp_tls",
                    choice(Settings.SmtpTls.class),
                    "starttls",
                    "How the connection to it is encrypted: starttls, tls (port 465) or none."),
            key("alerts.smtp_user", optionalText(), "", "Its account, where it asks for one."),
            secret("alerts.smtp_password", SettingType.secret(), "The password of that account."),
            key("alerts.mail_from", optionalMail(), "", "The address that alerts are sent from."),
            key("alerts.mail_to", mails("none"), "none", "The addresses that alerts are sent to."),
            key("chat.agent", chatAgent(), "operator", "Who answers in the chat: operator, llm or agent:<name>."),
            key("chat.queue", number(1, 1000), "8", "Turns that may wait in a session."),
            key("chat.queue_timeout", time(), "120s", "How long a turn may wait."),
            key("llm.base_url", httpUrl(), "", "An OpenAI-compatible endpoint."),
            key("llm.model", optionalText(), "", "The model asked for."),
            secret("llm.api_key", SettingType.secret(), "The key for that endpoint."),
            key("llm.first_timeout", time(), "120s", "How long a model may take to begin its answer."),
            key("llm.idle_timeout", time(), "60s", "How long a model may be silent in mid-answer."),
            key("llm.max_rounds", number(1, 64), "8", "How often a model may call tools in a turn."),
            key("llm.max_history", size("1KiB"), "64KiB", "Characters of what was said before that a model is told."),
            key("llm.context_tokens", optionalCount(), "", "Tokens the model holds, where its endpoint does not say."),
            key("llm.budget.session_tokens", optionalCount(), "", "Tokens a chat session may use in a day (UTC)."),
            key("llm.budget.session_usd", optionalAmount(), "", "US dollars a chat session may cost in a day."),
            key("llm.budget.agent_tokens", optionalCount(), "", "Tokens one agent's chats may use in a day."),
            key("llm.budget.agent_usd", optionalAmount(), "", "US dollars one agent's chats may cost in a day."),
            key("llm.budget.gateway_tokens", optionalCount(), "", "Tokens all chats together may use in a day."),
            key("llm.budget.gateway_usd", optionalAmount(), "", "US dollars all chats together may cost in a day."),
            key("llm.prices", prices(), "none", "What models cost: model=in/out, US dollars a million tokens."),
            key("cluster.enabled", flag(), "false", "Several gateways as one; needs PostgreSQL and a signing key."),
            key("cluster.host", optionalHost(), "", "This node's address for the other nodes."),
            key("cluster.port", number(1, 65_535), "5701", "The port at which it is a member of the cluster."),
            key(
                    "cluster.bus_port",
                    optionalNumber(0, 65_535),
                    "",
                    "The port at which other nodes speak to it: cluster.port + 100 where none is set; 0 takes a free one."),
            key("cluster.members", list("none"), "none", "Addresses of nodes, host:port, any of which leads to all."),
            key("cluster.lease", time(), "10s", "How long what a node owns stays with it once it is gone."),
            key("cluster.poll", time(), "250ms", "How often a node looks for what others let go of."),
            key("log.format", choice(Settings.LogFormat.class), "text", "The form of the gateway's own log."),
            key("log.level", choice(Settings.LogLevel.class), "info", "The least level that is logged."),
            key("otel.endpoint", httpUrl(), "", "A collector of traces that takes OTLP over HTTP; none by default."),
            key(
                    "otel.content",
                    flag(),
                    "false",
                    "Traces hold what is asked and answered, and calls of tools with results."),
            key("shutdown.grace", time(), "10s", "How long what is under way may take at shutdown.")));

    private SettingKeys() {}

    /** Every key, in the order in which it is shown. */
    public static Collection<SettingKey> all() {
        return BY_NAME.values();
    }

    static Optional<SettingKey> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static SettingKey key(String name, SettingType type, String defaultText, String doc) {
        return new SettingKey(name, type, defaultText, false, doc);
    }

    private static SettingKey secret(String name, SettingType type, String doc) {
        return new SettingKey(name, type, "", true, doc);
    }

    private static Map<String, SettingKey> byName(List<SettingKey> keys) {
        Map<String, SettingKey> byName = new LinkedHashMap<>();
        keys.forEach(key -> byName.put(key.name(), key));
        return Collections.unmodifiableMap(byName);
    }
}
