package dev.fairlead.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fairlead.gateway.agents.AgentCommands.Connection;
import dev.fairlead.gateway.agents.AgentCommands.Registered;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.auth.SigningKey;
import dev.fairlead.gateway.auth.TokenIssuer;
import dev.fairlead.gateway.auth.TokenKind;
import dev.fairlead.gateway.auth.TokenVerifier;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.Alone;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.streams.StreamCommands;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The concern as the others see it: over the bus, on a real database. */
class AgentSessionVerticleTest {
    private static final String NODE = "node-1";
    private static final String EDGE = "edge-1";

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = Bus.install(vertx);
    private final ManualTime time = new ManualTime();
    private final SigningKey key = SigningKey.generate();
    private final TokenIssuer issuer = new TokenIssuer(key, time);
    private SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<AgentEvent> events = new CopyOnWriteArrayList<>();
    private final List<ConnectionCommand> commands = new CopyOnWriteArrayList<>();
    private final List<String> audit = new CopyOnWriteArrayList<>();

    @TempDir
    Path temp;

    private Database database;
    private String deployment;

    @BeforeEach
    void start() throws Exception {
        bus.subscribe(AgentEvent.class, events::add);
        bus.subscribeAt(EDGE, ConnectionCommand.class, commands::add);
        bus.subscribe(AuditEvents.class, event -> audit.add(describe((AuditEvents.Recorded) event)));
        database = done(Database.open(vertx, Settings.defaults().db(), DataFolder.open(temp.resolve("data"))));
        deploy();
    }

    @AfterEach
    void stop() throws Exception {
        done(vertx.undeploy(deployment));
        done(database.close());
        done(vertx.close());
    }

    @Test
    void a_registered_agent_is_told_to_everybody() throws Exception {
        Registered registered = register(grant("a"), 1);
        await().until(() -> events.size() == 1);
        assertThat(events.get(0))
                .isEqualTo(new AgentEvent.Connected(registered.summary(), connection(1), 1, time.instant()));
        assertThat(registered.summary().status()).isEqualTo(AgentStatus.ONLINE);
        assertThat(ask(new AgentCommands.GetAgent("a")).agent()).isEqualTo(registered.summary());
        assertThat(ask(new AgentCommands.ListAgents()).agents()).containsExactly(registered.summary());
    }

    @Test
    void everybody_hears_of_a_registration_before_who_asked_has_the_answer() throws Exception {
        String grant = grant("a");
        List<String> order = new CopyOnWriteArrayList<>();
        vertx.getOrCreateContext().runOnContext(onOneLoop -> {
            bus.subscribe(AgentEvent.class, event -> order.add("news"));
            bus.request(registration(grant, 1)).onSuccess(answer -> order.add("answer"));
        });
        await().until(() -> order.size() == 2);
        assertThat(order).containsExactly("news", "answer");
    }

    @Test
    void a_token_is_checked_before_the_upgrade_without_being_used() throws Exception {
        String grant = grant("a");
        for (int i = 0; i < 3; i++) {
            assertThat(ask(new AgentCommands.Authenticate(grant, Optional.of("nonce"))))
                    .returns("a", AgentCommands.Identity::name)
                    .returns(TokenKind.REGISTER, AgentCommands.Identity::kind);
        }
        String permanent = register(grant, 1).token().orElseThrow();
        assertThat(ask(new AgentCommands.Authenticate(grant, Optional.of("nonce")))
                        .name())
                .isEqualTo("a");
        assertThat(ask(new AgentCommands.Authenticate(permanent, Optional.empty()))
                        .kind())
                .isEqualTo(TokenKind.AGENT);
        time.advance(Duration.ofSeconds(61));
        assertRefused(ErrorCode.UNAUTHORIZED, new AgentCommands.Authenticate(grant, Optional.of("nonce")));
    }

    @Test
    void forged_unknown_and_foreign_tokens_are_refused() throws Exception {
        register(grant("a"), 1);
        String forged = new TokenIssuer(SigningKey.generate(), time).agent("a").text();
        String unknown = issuer.agent("a").text();
        for (String token :
                List.of("", forged, unknown, issuer.registration("a").text())) {
            assertRefused(ErrorCode.UNAUTHORIZED, new AgentCommands.Authenticate(token, Optional.of("nonce")));
            assertRefused(ErrorCode.UNAUTHORIZED, registration(token, 2));
        }
        assertRefused(ErrorCode.FORBIDDEN, registration(issuer.operator("v1").text(), 2));
        assertThat(metrics.get("fairlead.agents.refusals").counter().count()).isEqualTo(4);
    }

    @Test
    void the_name_comes_from_the_token_alone() throws Exception {
        AgentCommands.Register lying = new AgentCommands.Register(
                grant("a"), Optional.empty(), Optional.of("b"), Optional.empty(), List.of(), connection(1));
        assertThat(ask(lying).name()).isEqualTo("a");
    }

    @Test
    void a_newer_connection_closes_the_older_one_with_4409() throws Exception {
        String permanent = register(grant("a"), 1).token().orElseThrow();
        assertThat(register(permanent, 2).epoch()).isEqualTo(2);
        await().until(() -> commands.size() == 1);
        assertThat(close(0))
                .returns(1L, ConnectionCommand.Close::connectionId)
                .returns(1L, ConnectionCommand.Close::epoch)
                .returns(CloseCode.REPLACED, ConnectionCommand.Close::closeCode);
        assertThat(metrics.get("fairlead.agents.replacements").counter().count())
                .isEqualTo(1);
    }

    @Test
    void two_registrations_in_one_tick_make_one_agent_and_one_token() throws Exception {
        String grant = grant("a");
        Future<Registered> one = bus.request(registration(grant, 1));
        Future<Registered> other = bus.request(registration(grant, 2));
        assertThat(done(one).token()).isPresent().isEqualTo(done(other).token());
        assertThat(done(one).agentId()).isEqualTo(done(other).agentId());
        assertThat(ask(new AgentCommands.ListAgents()).agents()).hasSize(1);
        await().until(() -> commands.size() == 1);
    }

    @Test
    void after_a_restart_nobody_is_online_and_a_lost_reply_is_still_given_again() throws Exception {
        String grant = grant("a");
        Registered before = register(grant, 1);
        restart();
        assertThat(ask(new AgentCommands.GetAgent("a")).agent().status()).isEqualTo(AgentStatus.OFFLINE);
        time.advance(Duration.ofSeconds(30));
        Registered again = register(grant, 2);
        assertThat(again.token()).isEqualTo(before.token());
        assertThat(again.agentId()).isEqualTo(before.agentId());
        assertThat(again.epoch()).isGreaterThan(before.epoch());
    }

    @Test
    void a_revoked_agent_is_closed_with_4401_at_once_and_stays_out() throws Exception {
        String permanent = register(grant("a"), 1).token().orElseThrow();
        ask(new AgentCommands.RevokeAgent("a", "operator", "127.0.0.1"));
        await().until(() -> events.contains(new AgentEvent.Removed("a", time.instant())));
        assertThat(close(0).closeCode()).isEqualTo(CloseCode.UNAUTHORIZED);
        assertRefused(ErrorCode.UNAUTHORIZED, registration(permanent, 2));
        assertRefused(ErrorCode.AGENT_NOT_FOUND, new AgentCommands.GetAgent("a"));
        restart();
        assertRefused(ErrorCode.UNAUTHORIZED, registration(permanent, 2));
        assertThat(ask(new AgentCommands.ListAgents()).agents()).isEmpty();
    }

    @Test
    void a_rotated_token_is_good_for_10_minutes_and_its_session_as_long() throws Exception {
        Registered old = register(grant("a"), 1);
        AgentCommands.TokenRotated rotated = ask(new AgentCommands.RotateToken("a", "operator", "127.0.0.1"));
        assertThat(rotated.previousValidUntil()).isEqualTo(time.instant().plus(Duration.ofMinutes(10)));
        assertThat(ask(new AgentCommands.Authenticate(old.token().orElseThrow(), Optional.empty()))
                        .name())
                .isEqualTo("a");
        time.advance(Duration.ofMinutes(10));
        passUntil(() -> commands.size() == 1);
        assertThat(close(0).closeCode()).isEqualTo(CloseCode.UNAUTHORIZED);
        assertRefused(ErrorCode.UNAUTHORIZED, registration(old.token().orElseThrow(), 2));
        assertThat(register(rotated.token(), 3).agentId()).isEqualTo(old.agentId());
    }

    @Test
    void what_does_not_exist_is_told_as_such() {
        assertRefused(ErrorCode.AGENT_NOT_FOUND, new AgentCommands.GetAgent("nobody"));
        assertRefused(ErrorCode.AGENT_NOT_FOUND, new AgentCommands.RevokeAgent("nobody", "operator", ""));
        assertRefused(ErrorCode.AGENT_NOT_FOUND, new AgentCommands.RotateToken("nobody", "operator", ""));
        assertRefused(ErrorCode.AGENT_NOT_FOUND, new AgentCommands.RotateToken("../no name", "operator", ""));
        assertRefused(ErrorCode.BAD_REQUEST, new AgentCommands.CreateRegistrationToken("No Name", "operator", ""));
    }

    @Test
    void heartbeats_keep_an_agent_online_and_are_written_in_one_batch() throws Exception {
        Registered a = register(grant("a"), 1);
        Registered b = register(grant("b"), 2);
        time.advance(Duration.ofSeconds(40));
        long before = database.units();
        bus.publish(
                ConnectionEvent.class,
                new ConnectionEvent.Heartbeats(
                        List.of(new ConnectionEvent.Beat("a", a.epoch()), new ConnectionEvent.Beat("b", b.epoch()))));
        await().until(() -> lastSeen().equals(List.of(time.instant(), time.instant())));
        // The writer counts once the commit is done, which is when reads see it.
        await().until(() -> database.units() > before);
        assertThat(database.units() - before).isEqualTo(1);
    }

    @Test
    void silence_makes_an_agent_stale_then_offline_and_closes_it() throws Exception {
        register(grant("a"), 1);
        time.advance(Duration.ofSeconds(45));
        passUntil(() -> status() == AgentStatus.STALE);
        time.advance(Duration.ofSeconds(45));
        passUntil(() -> status() == AgentStatus.OFFLINE);
        await().until(() -> commands.size() == 1);
        assertThat(close(0).closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        assertThat(metrics.get("fairlead.agents")
                        .tag("status", "offline")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    /** A clock that leapt is waited out before anybody's silence is judged. */
    private void passUntil(Callable<Boolean> reached) {
        await().until(() -> {
            time.advance(Duration.ofMillis(500));
            return reached.call();
        });
    }

    @Test
    void a_disconnected_agent_is_offline() throws Exception {
        Registered registered = register(grant("a"), 1);
        bus.publish(ConnectionEvent.class, new ConnectionEvent.Disconnected("a", registered.epoch(), "closed"));
        await().until(() -> status() == AgentStatus.OFFLINE);
        await().until(() -> events.size() == 2);
        assertThat(events.get(1))
                .isEqualTo(new AgentEvent.StatusChanged("a", AgentStatus.OFFLINE, 1, time.instant(), "closed"));
    }

    @Test
    void who_did_what_goes_into_the_audit_trail_without_any_token() throws Exception {
        String permanent = register(grant("a"), 1).token().orElseThrow();
        register(permanent, 2);
        ask(new AgentCommands.RotateToken("a", "operator", "10.0.0.1"));
        ask(new AgentCommands.RevokeAgent("a", "operator", "10.0.0.1"));
        await().until(() -> audit.size() == 4);
        assertThat(audit)
                .containsExactly(
                        "operator agent.token.create a 127.0.0.1",
                        "agent:a agent.register a 10.0.0.9",
                        "operator agent.token.rotate a 10.0.0.1",
                        "operator agent.revoke a 10.0.0.1");
    }

    @Test
    void a_thousand_registrations_at_once_need_few_commits() throws Exception {
        List<Future<AgentCommands.RegistrationToken>> grants = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            grants.add(bus.request(new AgentCommands.CreateRegistrationToken("a-" + i, "operator", "127.0.0.1")));
        }
        done(Future.all(grants));
        long before = database.groups();
        List<Future<Registered>> registrations = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            registrations.add(bus.request(registration(grants.get(i).result().token(), i)));
        }
        done(Future.all(registrations));
        assertThat(database.groups() - before).isLessThan(100);
        assertThat(ask(new AgentCommands.ListAgents()).agents())
                .hasSize(1000)
                .allMatch(agent -> agent.status() == AgentStatus.ONLINE);
    }

    @Test
    void the_stream_shows_agents_as_they_are() throws Exception {
        register(grant("a"), 1);
        StreamCommands.Subscribed subscribed = done(bus.requestAt(
                StreamCommands.place(NODE, "agents"),
                new StreamCommands.Subscribe(Map.of(), Optional.empty(), Optional.empty())));
        assertThat(subscribed.frames().count()).isEqualTo(1);
        AgentSummary agent = ask(new AgentCommands.GetAgent("a")).agent();
        assertThat(new String(subscribed.frames().bytes(), StandardCharsets.UTF_8))
                .contains("{\"type\":\"snapshot\",\"agents\":[{\"name\":\"a\",\"agent_id\":\"" + agent.agentId()
                        + "\",\"status\":\"online\",\"last_seen\":\"2026-01-01T00:00:00.000Z\"");
    }

    @Test
    void health_tells_who_is_there() throws Exception {
        register(grant("a"), 1);
        assertThat(done(bus.requestAt("agents", new HealthCommands.Check())))
                .isEqualTo(new HealthCommands.Result(true, "1 online, 0 stale, 0 offline"));
    }

    private void deploy() throws Exception {
        deployment = done(vertx.deployVerticle(new AgentSessionVerticle(
                database, new Alone(NODE), Settings.defaults(), issuer, new TokenVerifier(key, time), time, metrics)));
    }

    private void restart() throws Exception {
        done(vertx.undeploy(deployment));
        metrics = new SimpleMeterRegistry();
        deploy();
    }

    private String grant(String name) throws Exception {
        return ask(new AgentCommands.CreateRegistrationToken(name, "operator", "127.0.0.1"))
                .token();
    }

    private Registered register(String token, long connection) throws Exception {
        return ask(registration(token, connection));
    }

    private static AgentCommands.Register registration(String token, long connection) {
        return new AgentCommands.Register(
                token, Optional.of("nonce"), Optional.empty(), Optional.empty(), List.of(), connection(connection));
    }

    private static Connection connection(long id) {
        return new Connection(NODE, EDGE, id, "10.0.0.9");
    }

    private AgentStatus status() throws Exception {
        return ask(new AgentCommands.GetAgent("a")).agent().status();
    }

    private List<Instant> lastSeen() throws Exception {
        return done(new AgentQueries(database).agents()).stream()
                .map(StoredAgent::lastSeen)
                .toList();
    }

    private ConnectionCommand.Close close(int index) {
        return (ConnectionCommand.Close) commands.get(index);
    }

    private void assertRefused(ErrorCode code, Request<?> request) {
        assertThatThrownBy(() -> ask(request)).isInstanceOfSatisfying(FairleadException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private <R extends Record, Q extends Request<R>> R ask(Q request) throws Exception {
        return done(bus.request(request));
    }

    private static String describe(AuditEvents.Recorded one) {
        return String.join(" ", one.actor(), one.action(), one.target(), one.address());
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }
}
