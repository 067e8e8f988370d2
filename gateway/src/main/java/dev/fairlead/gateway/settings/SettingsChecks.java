package dev.fairlead.gateway.settings;

import dev.fairlead.gateway.settings.Settings.Auth;
import dev.fairlead.gateway.settings.Settings.Http;
import dev.fairlead.gateway.settings.Settings.UpstreamKind;
import dev.fairlead.protocol.OrderMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What no single setting can tell: the ones that only clash together. */
final class SettingsChecks {
    /** A property of the JVM that lets a node join a cluster before that is offered: for those who build it. */
    private static final String UNFINISHED = "fairlead.cluster.unfinished";

    private static final int LARGEST_PORT = 65_535;

    private final Settings settings;
    private final List<String> clashes = new ArrayList<>();

    private SettingsChecks(Settings settings) {
        this.settings = settings;
    }

    /** One sentence per clash, which says what mends it. */
    static List<String> clashes(Settings settings) {
        SettingsChecks checks = new SettingsChecks(settings);
        checks.exposure();
        checks.credentials();
        checks.order();
        checks.features();
        checks.alerts();
        return checks.clashes;
    }

    /** A gateway that others can reach encrypts and asks for a password, or does not start. */
    private void exposure() {
        Http http = settings.http();
        Auth auth = settings.auth();
        clash(
                http.tlsCert().isPresent() != http.tlsKey().isPresent(),
                "http.tls_cert and http.tls_key belong together; set both or neither");
        clash(
                http.tls() && http.behindTlsProxy(),
                "http.behind_tls_proxy=true and http.tls_cert exclude each other: either the proxy speaks TLS or the"
                        + " gateway does");
        auth.adminPassword()
                .flatMap(password -> Exposure.weakness(http, password.reveal()))
                .ifPresent(clashes::add);
        if (http.loopback()) {
            return;
        }
        clash(
                !http.tls() && !http.behindTlsProxy(),
                "http.host " + http.host()
                        + " can be reached from other machines and there is no TLS: set http.tls_cert"
                        + " and http.tls_key, or http.behind_tls_proxy=true where a proxy speaks TLS, or bind to"
                        + " 127.0.0.1");
        clash(
                auth.adminPassword().isEmpty() && auth.adminPasswordFile().isEmpty(),
                "http.host " + http.host() + " can be reached from other machines and no admin password is set: set"
                        + " FAIRLEAD_ADMIN_PASSWORD or auth.admin_password_file, or bind to 127.0.0.1");
    }

    private void credentials() {
        Auth auth = settings.auth();
        clash(
                auth.adminPassword().isPresent() && auth.adminPasswordFile().isPresent(),
                "auth.admin_password (FAIRLEAD_ADMIN_PASSWORD) and auth.admin_password_file are both set; keep one");
        clash(
                auth.signingKey().isPresent() && auth.signingKeyFile().isPresent(),
                "auth.signing_key and auth.signing_key_file are both set; keep one");
    }

    private void order() {
        Settings s = settings;
        ascending(
                "auth.login_per_minute",
                s.auth().loginPerMinute(),
                "auth.login_per_minute_total",
                s.auth().loginPerMinuteTotal());
        ascending(
                "ws.max_frame",
                s.ws().maxFrame().bytes(),
                "ws.max_message",
                s.ws().maxMessage().bytes());
        before("ws.server_ping", s.ws().serverPing(), "ws.idle_timeout", s.ws().idleTimeout());
        before(
                "agents.heartbeat_interval",
                s.agents().heartbeatInterval(),
                "agents.stale_after",
                s.agents().staleAfter());
        before(
                "agents.stale_after",
                s.agents().staleAfter(),
                "agents.offline_after",
                s.agents().offlineAfter());
        ascending(
                "messages.retry_initial",
                s.messages().retryInitial().toMillis(),
                "messages.retry_cap",
                s.messages().retryCap().toMillis());
        before(
                "messages.ack_timeout",
                s.messages().ackTimeout(),
                "messages.ttl",
                s.messages().ttl());
        before(
                "token.warn_after",
                s.token().warnAfter(),
                "token.refresh_after",
                s.token().refreshAfter());
        before(
                "token.refresh_after",
                s.token().refreshAfter(),
                "token.life",
                s.token().life());
    }

    private void features() {
        UpstreamKind kind = settings.upstream().kind();
        clash(
                settings.upstream().required() && kind == UpstreamKind.NONE,
                "upstream.required=true needs upstream.kind: tastytrade, kraken or simulator");
        clash(
                settings.quotes().symbols().size() > settings.quotes().maxSymbols(),
                "quotes.symbols has more symbols than quotes.max_symbols allows");
        clash(
                settings.orders().enabled() && kind == UpstreamKind.NONE,
                "orders.enabled=true needs upstream.kind: tastytrade, kraken or simulator");
        clash(
                settings.orders().enabled()
                        && kind == UpstreamKind.TASTYTRADE
                        && settings.orders().mode() == OrderMode.LIVE
                        && settings.orders().account().isEmpty(),
                "orders.enabled=true needs orders.account, the account at tastytrade that orders go to");
        clash(
                settings.chat().agent().equals("llm")
                        && (settings.llm().baseUrl().isEmpty()
                                || settings.llm().model().isEmpty()),
                "chat.agent=llm needs llm.base_url and llm.model");
        clash(
                settings.llm().budget().countsMoney()
                        && settings.llm()
                                .model()
                                .filter(model ->
                                        !settings.llm().budget().prices().containsKey(model))
                                .isPresent(),
                "llm.budget.*_usd needs a price for llm.model in llm.prices: model=in/out, US dollars a million tokens");
        leases();
        clash(
                settings.cluster().busPort() > LARGEST_PORT,
                "cluster.port (" + settings.cluster().port() + ") leaves no port 100 above it: set cluster.bus_port");
        clash(
                settings.cluster().busPort() == settings.cluster().port(),
                "cluster.bus_port must not be cluster.port, which is that of the members");
        if (settings.cluster().enabled()) {
            clash(
                    !settings.db()
                            .url()
                            .map(url -> url.startsWith("jdbc:postgresql:"))
                            .orElse(false),
                    "cluster.enabled=true needs a database that all nodes share, which the H2 file in the data folder is not:"
                            + " set db.url to jdbc:postgresql:…");
            clash(
                    !Boolean.getBoolean(UNFINISHED),
                    "cluster.enabled=true: this version forms no cluster, and gateways that know nothing of each other"
                            + " must not share a database. Set cluster.enabled=false; one gateway at a time uses "
                            + "db.url");
        }
    }

    private void leases() {
        Duration lease = settings.cluster().lease();
        clash(
                lease.compareTo(Settings.Cluster.SHORTEST_LEASE) < 0,
                "cluster.lease (" + DurationText.format(lease) + ") must be at least "
                        + DurationText.format(Settings.Cluster.SHORTEST_LEASE)
                        + ": it is renewed at a third, and a shorter one is lost to any slow answer of the database");
        clash(
                settings.cluster().poll().multipliedBy(3).compareTo(lease) > 0,
                "cluster.poll (" + DurationText.format(settings.cluster().poll())
                        + ") must be at most a third of cluster.lease (" + DurationText.format(lease) + ")");
    }

    private void alerts() {
        Settings.Alerts alerts = settings.alerts();
        clash(
                alerts.smtpHost().isPresent()
                        && (alerts.mailFrom().isEmpty() || alerts.mailTo().isEmpty()),
                "alerts.smtp_host needs alerts.mail_from and alerts.mail_to, the addresses alerts go from and to");
        clash(
                alerts.smtpHost().isEmpty() && !alerts.mailTo().isEmpty(),
                "alerts.mail_to needs alerts.smtp_host, the mail server that alerts go out by");
        clash(
                alerts.smtpUser().isPresent() != alerts.smtpPassword().isPresent(),
                "alerts.smtp_user and alerts.smtp_password belong together; set both or neither");
        clash(
                alerts.smtpPassword().isPresent()
                        && alerts.smtpTls() == Settings.SmtpTls.NONE
                        && alerts.smtpHost()
                                .filter(host -> !LoopbackHost.matches(host))
                                .isPresent(),
                "alerts.smtp_tls=none would send alerts.smtp_password unencrypted: set alerts.smtp_tls to starttls or"
                        + " tls");
    }

    private void before(String sooner, Duration soonerTime, String later, Duration laterTime) {
        clash(
                soonerTime.compareTo(laterTime) >= 0,
                sooner + " (" + DurationText.format(soonerTime) + ") must be less than " + later + " ("
                        + DurationText.format(laterTime) + ")");
    }

    private void ascending(String lesser, long lesserAmount, String greater, long greaterAmount) {
        clash(lesserAmount > greaterAmount, lesser + " must not exceed " + greater);
    }

    private void clash(boolean found, String sentence) {
        if (found) {
            clashes.add(sentence);
        }
    }
}
