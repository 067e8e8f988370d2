package dev.fairlead.gateway.settings;

import dev.fairlead.gateway.settings.Settings.Agents;
import dev.fairlead.gateway.settings.Settings.Alerts;
import dev.fairlead.gateway.settings.Settings.Approvals;
import dev.fairlead.gateway.settings.Settings.Auth;
import dev.fairlead.gateway.settings.Settings.AuthMode;
import dev.fairlead.gateway.settings.Settings.Chat;
import dev.fairlead.gateway.settings.Settings.Cluster;
import dev.fairlead.gateway.settings.Settings.Db;
import dev.fairlead.gateway.settings.Settings.Http;
import dev.fairlead.gateway.settings.Settings.Instances;
import dev.fairlead.gateway.settings.Settings.Llm;
import dev.fairlead.gateway.settings.Settings.LlmBudget;
import dev.fairlead.gateway.settings.Settings.Log;
import dev.fairlead.gateway.settings.Settings.LogFormat;
import dev.fairlead.gateway.settings.Settings.LogLevel;
import dev.fairlead.gateway.settings.Settings.Logs;
import dev.fairlead.gateway.settings.Settings.Messages;
import dev.fairlead.gateway.settings.Settings.OnShutdown;
import dev.fairlead.gateway.settings.Settings.Orders;
import dev.fairlead.gateway.settings.Settings.Otel;
import dev.fairlead.gateway.settings.Settings.Quotes;
import dev.fairlead.gateway.settings.Settings.Shutdown;
import dev.fairlead.gateway.settings.Settings.SmtpTls;
import dev.fairlead.gateway.settings.Settings.Streams;
import dev.fairlead.gateway.settings.Settings.Token;
import dev.fairlead.gateway.settings.Settings.Upstream;
import dev.fairlead.gateway.settings.Settings.UpstreamKind;
import dev.fairlead.gateway.settings.Settings.Ws;
import dev.fairlead.protocol.OrderMode;
import java.math.BigDecimal;

/** Makes the typed records of checked texts. */
final class SettingsBinder {

    private final SettingValues v;

    SettingsBinder(SettingValues values) {
        this.v = values;
    }

    Settings bind() {
        return new Settings(
                http(),
                auth(),
                v.path("data_dir"),
                db(),
                ws(),
                new Streams(
                        v.number("streams.ring_events"), v.size("streams.ring_bytes"), v.number("streams.max_views")),
                agents(),
                messages(),
                instances(),
                logs(),
                new Token(v.time("token.warn_after"), v.time("token.refresh_after"), v.time("token.life")),
                new Upstream(
                        v.choice("upstream.kind", UpstreamKind.class),
                        v.url("upstream.base_url"),
                        v.text("upstream.api_version"),
                        v.flag("upstream.required")),
                new Quotes(
                        v.time("quotes.fresh_for"),
                        v.time("quotes.rest_cache"),
                        v.list("quotes.symbols"),
                        v.number("quotes.max_symbols")),
                orders(),
                new Approvals(v.time("approvals.ttl")),
                alerts(),
                new Chat(v.text("chat.agent"), v.number("chat.queue"), v.time("chat.queue_timeout")),
                new Llm(
                        v.url("llm.base_url"),
                        v.optional("llm.model"),
                        v.secret("llm.api_key"),
                        v.time("llm.first_timeout"),
                        v.time("llm.idle_timeout"),
                        v.number("llm.max_rounds"),
                        v.size("llm.max_history"),
                        v.optional("llm.context_tokens").map(Long::valueOf),
                        budget()),
                new Cluster(
                        v.flag("cluster.enabled"),
                        v.optional("cluster.host"),
                        v.number("cluster.port"),
                        v.optional("cluster.bus_port")
                                .map(Integer::valueOf)
                                .orElse(v.number("cluster.port") + Cluster.BUS_PORT_OFFSET),
                        v.list("cluster.members"),
                        v.time("cluster.lease"),
                        v.time("cluster.poll")),
                new Log(v.choice("log.format", LogFormat.class), v.choice("log.level", LogLevel.class)),
                new Otel(v.url("otel.endpoint"), v.flag("otel.content")),
                new Shutdown(v.time("shutdown.grace")));
    }

    private LlmBudget budget() {
        return new LlmBudget(
                cap("llm.budget.session"),
                cap("llm.budget.agent"),
                cap("llm.budget.gateway"),
                ModelPrice.table(v.list("llm.prices")));
    }

    private SpendingCap cap(String scope) {
        return new SpendingCap(
                v.optional(scope + "_tokens").map(Long::valueOf),
                v.optional(scope + "_usd").map(BigDecimal::new));
    }

    private Http http() {
        return new Http(
                v.text("http.host"),
                v.number("http.port"),
                v.flag("http.behind_tls_proxy"),
                v.optionalPath("http.tls_cert"),
                v.optionalPath("http.tls_key"),
                v.list("http.trusted_proxies").stream().map(Cidr::parse).toList(),
                v.text("http.base_path"),
                v.size("http.max_body"),
                v.time("http.handshake_timeout"),
                v.number("http.max_connections"),
                v.optional("http.max_per_address").map(Integer::valueOf),
                v.size("http.max_bodies"),
                v.size("http.max_unread"));
    }

    private Auth auth() {
        return new Auth(
                v.choice("auth.mode", AuthMode.class),
                v.list("auth.allowed_origins"),
                v.list("auth.allowed_hosts"),
                v.secret("auth.admin_password"),
                v.optionalPath("auth.admin_password_file"),
                v.secret("auth.signing_key"),
                v.optionalPath("auth.signing_key_file"),
                v.number("auth.login_per_minute"),
                v.number("auth.login_per_minute_total"));
    }

    private Db db() {
        return new Db(
                v.optional("db.url"),
                v.optional("db.user"),
                v.secret("db.password"),
                v.number("db.pool_size"),
                v.optional("db.direct_url"));
    }

    private Ws ws() {
        return new Ws(
                v.time("ws.idle_timeout"),
                v.time("ws.server_ping"),
                v.size("ws.max_frame"),
                v.size("ws.max_message"),
                v.number("ws.buffer_events"),
                v.size("ws.buffer_bytes"),
                v.time("ws.slow_close_after"),
                v.number("ws.max_unregistered"),
                v.number("ws.max_per_address"),
                v.number("ws.max_per_address_loopback"));
    }

    private Agents agents() {
        return new Agents(
                v.time("agents.registration_timeout"),
                v.time("agents.heartbeat_interval"),
                v.time("agents.stale_after"),
                v.time("agents.offline_after"),
                v.time("agents.request_timeout"),
                v.number("agents.request_max_pending"),
                v.number("agents.max_rate"),
                v.time("agents.revoke_overlap"));
    }

    private Messages messages() {
        return new Messages(
                v.time("messages.ack_timeout"),
                v.number("messages.max_attempts"),
                v.time("messages.retry_initial"),
                v.time("messages.retry_cap"),
                v.time("messages.ttl"),
                v.number("messages.max_in_flight"),
                v.number("messages.max_backlog"),
                v.size("messages.max_backlog_bytes"),
                v.size("messages.dedupe_memory"));
    }

    private Instances instances() {
        return new Instances(
                v.number("instances.port_base"),
                v.time("instances.health_interval"),
                v.time("instances.stop_grace"),
                v.choice("instances.on_shutdown", OnShutdown.class),
                v.list("instances.allowed_commands"),
                v.list("instances.env_allow"),
                v.optional("instances.user"),
                v.optionalPath("instances.cgroup"));
    }

    private Logs logs() {
        return new Logs(
                v.time("logs.poll_interval"),
                v.time("logs.batch_window"),
                v.size("logs.rotate_size"),
                v.number("logs.rotate_keep"),
                v.time("logs.search_time"),
                v.size("logs.search_bytes"),
                v.number("logs.search_lines"));
    }

    private Alerts alerts() {
        return new Alerts(
                v.list("alerts.rules").stream().map(AlertRule::parse).toList(),
                v.secret("alerts.webhook_url"),
                v.secret("alerts.ntfy_url"),
                v.secret("alerts.ntfy_token"),
                v.optional("alerts.smtp_host"),
                v.number("alerts.smtp_port"),
                v.choice("alerts.smtp_tls", SmtpTls.class),
                v.optional("alerts.smtp_user"),
                v.secret("alerts.smtp_password"),
                v.optional("alerts.mail_from"),
                v.list("alerts.mail_to"));
    }

    private Orders orders() {
        return new Orders(
                v.flag("orders.enabled"),
                v.choice("orders.mode", OrderMode.class),
                v.optional("orders.account"),
                v.amount("orders.max_quantity"),
                v.amount("orders.max_notional"),
                OrderConfirmation.parse(v.text("orders.confirm")),
                v.number("orders.max_per_minute"),
                v.optional("orders.max_per_day").map(Integer::valueOf),
                v.optional("orders.max_notional_per_day").map(BigDecimal::new),
                v.optional("orders.max_notional_per_agent_per_day").map(BigDecimal::new),
                v.time("orders.confirm_ttl"),
                v.choice("orders.on_agent_lost", Settings.OnAgentLost.class),
                v.list("orders.symbols"));
    }
}
