package dev.fairlead.gateway.settings;

import dev.fairlead.protocol.OrderMode;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that can be set, typed. One nested record per group of keys; a component's key is the group and its own
 * name in snake_case ({@code ws.idleTimeout()} is {@code ws.idle_timeout}). What each does, and its default, stands in
 * {@link SettingKeys}.
 */
public record Settings(
        Http http,
        Auth auth,
        Path dataDir,
        Db db,
        Ws ws,
        Streams streams,
        Agents agents,
        Messages messages,
        Instances instances,
        Logs logs,
        Token token,
        Upstream upstream,
        Quotes quotes,
        Orders orders,
        Approvals approvals,
        Alerts alerts,
        Chat chat,
        Llm llm,
        Cluster cluster,
        Log log,
        Otel otel,
        Shutdown shutdown) {

    /** All defaults, whatever the environment says. */
    public static Settings defaults() {
        return of();
    }

    /**
     * The defaults, with some keys set: {@code Settings.of("http.port=0", "data_dir=" + folder)}.
     *
     * @throws SettingsException as the start of the gateway would
     */
    public static Settings of(String... assignments) {
        return SettingsLoader.nothing().set(List.of(assignments)).load().settings();
    }

    /**
     * Whether every request needs a token: asked for, or because others than this machine's can reach the port, by its
     * address or through a proxy. Where it is false, the user who runs the gateway needs none on this machine.
     */
    public boolean tokenRequired() {
        return auth.mode() == AuthMode.REQUIRED || !http.loopback() || http.behindTlsProxy();
    }

    /** {@code http.*}: the one port; no {@code trustedProxies} means its own. */
    public record Http(
            String host,
            int port,
            boolean behindTlsProxy,
            Optional<Path> tlsCert,
            Optional<Path> tlsKey,
            List<Cidr> trustedProxies,
            String basePath,
            ByteSize maxBody,
            Duration handshakeTimeout,
            int maxConnections,
            Optional<Integer> maxPerAddress,
            ByteSize maxBodies,
            ByteSize maxUnread) {

        /** How much of a bound for all one address may have, in count; at least one. */
        public int shareOf(int bound) {
            return Math.min(bound, maxPerAddress.orElse(Math.max(1, bound / 2)));
        }

        private static final List<Cidr> LOOPBACK = Cidr.loopback();

        /** Whether only this machine can connect; a name other than {@code localhost} is taken for a public one. */
        public boolean loopback() {
            return LoopbackHost.matches(host);
        }

        /** The proxies whose word about a client's address is believed. */
        public List<Cidr> proxies() {
            return trustedProxies.isEmpty() && behindTlsProxy ? LOOPBACK : trustedProxies;
        }

        /** Where a program on this machine reaches the gateway, which got {@code bound} for its port. */
        public String localUrl(int bound) {
            String bare = host.replace("[", "").replace("]", "");
            String reached = bare.equals("0.0.0.0") ? "127.0.0.1" : bare.equals("::") ? "::1" : bare;
            return (tls() ? "https://" : "http://") + (reached.contains(":") ? "[" + reached + "]" : reached) + ":"
                    + bound;
        }

        /** Whether the gateway itself speaks TLS. */
        public boolean tls() {
            return tlsCert.isPresent() && tlsKey.isPresent();
        }
    }

    /** Whether the operator on this machine needs a token. */
    public enum AuthMode {
        AUTO,
        REQUIRED
    }

    /** {@code auth.*}; own origins and hosts are always allowed, the lists add to them. */
    public record Auth(
            AuthMode mode,
            List<String> allowedOrigins,
            List<String> allowedHosts,
            Optional<Secret> adminPassword,
            Optional<Path> adminPasswordFile,
            Optional<Secret> signingKey,
            Optional<Path> signingKeyFile,
            int loginPerMinute,
            int loginPerMinuteTotal) {}

    /** {@code db.*}; no URL means the H2 file in the data folder, no direct one that the URL leads to the server. */
    public record Db(
            Optional<String> url,
            Optional<String> user,
            Optional<Secret> password,
            int poolSize,
            Optional<String> directUrl) {

        /** One that is reached without a pooler. */
        public Db(Optional<String> url, Optional<String> user, Optional<Secret> password, int poolSize) {
            this(url, user, password, poolSize, Optional.empty());
        }
    }

    /** {@code ws.*}; a {@code serverPing} of zero is off. */
    public record Ws(
            Duration idleTimeout,
            Duration serverPing,
            ByteSize maxFrame,
            ByteSize maxMessage,
            int bufferEvents,
            ByteSize bufferBytes,
            Duration slowCloseAfter,
            int maxUnregistered,
            int maxPerAddress,
            int maxPerAddressLoopback) {}

    /** {@code streams.*}: what is kept for those who resume. */
    public record Streams(int ringEvents, ByteSize ringBytes, int maxViews) {}

    /** {@code agents.*}; a {@code revokeOverlap} of zero ends the old token at once. */
    public record Agents(
            Duration registrationTimeout,
            Duration heartbeatInterval,
            Duration staleAfter,
            Duration offlineAfter,
            Duration requestTimeout,
            int requestMaxPending,
            int maxRate,
            Duration revokeOverlap) {}

    /** {@code messages.*}. */
    public record Messages(
            Duration ackTimeout,
            int maxAttempts,
            Duration retryInitial,
            Duration retryCap,
            Duration ttl,
            int maxInFlight,
            int maxBacklog,
            ByteSize maxBacklogBytes,
            ByteSize dedupeMemory) {}

    /** What becomes of running instances when the gateway shuts down. */
    public enum OnShutdown {
        STOP,
        LEAVE
    }

    /**
     * {@code instances.*}; an empty {@code allowedCommands} allows any, no {@code user} is the gateway's own account.
     */
    public record Instances(
            int portBase,
            Duration healthInterval,
            Duration stopGrace,
            OnShutdown onShutdown,
            List<String> allowedCommands,
            List<String> envAllow,
            Optional<String> user,
            Optional<Path> cgroup) {}

    /** {@code logs.*}: the instances' logs, not the gateway's own. */
    public record Logs(
            Duration pollInterval,
            Duration batchWindow,
            ByteSize rotateSize,
            int rotateKeep,
            Duration searchTime,
            ByteSize searchBytes,
            int searchLines) {}

    /** {@code token.*}: ages of the upstream token, for the {@code life} given; another life shares them out alike. */
    public record Token(Duration warnAfter, Duration refreshAfter, Duration life) {}

    /** Whose market data and orders. */
    public enum UpstreamKind {
        NONE,
        TASTYTRADE,
        KRAKEN,
        SIMULATOR
    }

    /** {@code upstream.*}; no base URL means the provider's. */
    public record Upstream(UpstreamKind kind, Optional<URI> baseUrl, String apiVersion, boolean required) {}

    /** {@code quotes.*}; a {@code restCache} of zero is off. */
    public record Quotes(Duration freshFor, Duration restCache, List<String> symbols, int maxSymbols) {}

    /** {@code orders.*}; an empty {@code symbols} allows any. */
    public record Orders(
            boolean enabled,
            OrderMode mode,
            Optional<String> account,
            BigDecimal maxQuantity,
            BigDecimal maxNotional,
            OrderConfirmation confirm,
            int maxPerMinute,
            Optional<Integer> maxPerDay,
            Optional<BigDecimal> maxNotionalPerDay,
            Optional<BigDecimal> maxNotionalPerAgentPerDay,
            Duration confirmTtl,
            OnAgentLost onAgentLost,
            List<String> symbols) {}

    /** What becomes of the orders of an agent that goes offline. */
    public enum OnAgentLost {
        KEEP,
        CANCEL
    }

    /** {@code approvals.*}. */
    public record Approvals(Duration ttl) {}

    /** How the connection to the mail server is encrypted. */
    public enum SmtpTls {
        /** It begins plain and must be upgraded. */
        STARTTLS,
        TLS,
        NONE
    }

    /** {@code alerts.*}: what an operator is told of, and where; a receiver whose address is not set is none. */
    public record Alerts(
            List<AlertRule> rules,
            Optional<Secret> webhookUrl,
            Optional<Secret> ntfyUrl,
            Optional<Secret> ntfyToken,
            Optional<String> smtpHost,
            int smtpPort,
            SmtpTls smtpTls,
            Optional<String> smtpUser,
            Optional<Secret> smtpPassword,
            Optional<String> mailFrom,
            List<String> mailTo) {}

    /** {@code chat.*}; {@code agent} is {@code operator}, {@code llm} or {@code agent:<name>}. */
    public record Chat(String agent, int queue, Duration queueTimeout) {}

    /** {@code llm.*}: an OpenAI-compatible endpoint. */
    public record Llm(
            Optional<URI> baseUrl,
            Optional<String> model,
            Optional<Secret> apiKey,
            Duration firstTimeout,
            Duration idleTimeout,
            int maxRounds,
            ByteSize maxHistory,
            Optional<Long> contextTokens,
            LlmBudget budget) {
        /** Whether the key would be read by whoever is on the way. */
        public boolean keyUnencrypted() {
            return apiKey.isPresent()
                    && baseUrl.filter(url -> "http".equals(url.getScheme()) && !LoopbackHost.matches(url.getHost()))
                            .isPresent();
        }
    }

    /** {@code llm.budget.*} and {@code llm.prices}: what may be spent in a day, and what a model costs. */
    public record LlmBudget(
            SpendingCap session, SpendingCap agent, SpendingCap gateway, Map<String, ModelPrice> prices) {
        /** Whether anything is bounded by money. */
        public boolean countsMoney() {
            return session.usd().isPresent()
                    || agent.usd().isPresent()
                    || gateway.usd().isPresent();
        }
    }

    /**
     * {@code cluster.*}.
     *
     * @param port of Hazelcast's members
     * @param busPort of the event bus between the nodes; 0 takes a free one
     * @param lease how long what a node owns stays with it once it is gone
     * @param poll how often a node looks for what others let go of
     */
    public record Cluster(
            boolean enabled,
            Optional<String> host,
            int port,
            int busPort,
            List<String> members,
            Duration lease,
            Duration poll) {
        /** Nodes on one machine whose own ports follow one upon the other leave each other's alone. */
        static final int BUS_PORT_OFFSET = 100;

        /** Of a node that says none: nobody else's machine can reach it. */
        private static final String THIS_MACHINE = "127.0.0.1";

        /** The host at which the other nodes reach this one. */
        public String ownHost() {
            return host.orElse(THIS_MACHINE);
        }

        /** Host and port at which it is a member. */
        public String address() {
            return ownHost() + ":" + port;
        }

        /** Renewed at a third: less leaves no room for a slow answer or a pause of the process. */
        public static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);
    }

    /** The form of the gateway's own log. */
    public enum LogFormat {
        TEXT,
        JSON
    }

    /** The least level that is logged. */
    public enum LogLevel {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** {@code log.*}: the gateway's own log. */
    public record Log(LogFormat format, LogLevel level) {}

    /** {@code otel.*}: where traces go, nowhere where it is empty, and whether they hold what was said. */
    public record Otel(Optional<URI> endpoint, boolean content) {}

    /** {@code shutdown.*}: how long what is under way may take to finish. */
    public record Shutdown(Duration grace) {}
}
