package dev.fairlead.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.agents.AgentCommands.Connection;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentSessionsTest {
    private final ManualTime time = new ManualTime();
    private final AgentSessions sessions =
            new AgentSessions(time, Settings.defaults().agents());

    @Test
    void an_agent_known_from_before_a_restart_is_offline() {
        sessions.know(stored("a", 7));
        assertThat(sessions.find("a"))
                .get()
                .returns(AgentStatus.OFFLINE, AgentSummary::status)
                .returns(Optional.empty(), AgentSummary::connectedAt)
                .returns(Optional.of(time.instant()), AgentSummary::lastSeen);
    }

    @Test
    void a_registered_agent_is_online_and_told_so() {
        List<Effect> effects = register("a", 1, connection(1));
        assertThat(effects)
                .containsExactly(new Effect.Publish(
                        new AgentEvent.Connected(sessions.find("a").orElseThrow(), connection(1), 1, time.instant())));
        assertThat(status("a")).isEqualTo(AgentStatus.ONLINE);
    }

    @Test
    void a_newer_connection_closes_the_older_one() {
        register("a", 1, connection(1));
        assertThat(register("a", 2, connection(2)))
                .first()
                .isEqualTo(
                        close(CloseCode.REPLACED, "replaced by a newer connection of this agent", ErrorCode.REPLACED));
        assertThat(status("a")).isEqualTo(AgentStatus.ONLINE);
    }

    @Test
    void a_connection_that_registers_again_is_not_closed() {
        register("a", 1, connection(1));
        assertThat(register("a", 2, connection(1))).hasSize(1);
    }

    @Test
    void the_end_of_a_replaced_connection_changes_nothing() {
        register("a", 1, connection(1));
        register("a", 2, connection(2));
        assertThat(sessions.disconnected(new ConnectionEvent.Disconnected("a", 1, "closed")))
                .isEmpty();
        assertThat(status("a")).isEqualTo(AgentStatus.ONLINE);
    }

    @Test
    void the_end_of_the_connection_makes_an_agent_offline() {
        register("a", 1, connection(1));
        assertThat(sessions.disconnected(new ConnectionEvent.Disconnected("a", 1, "closed")))
                .containsExactly(changed(AgentStatus.OFFLINE, 1, "closed"));
        assertThat(status("a")).isEqualTo(AgentStatus.OFFLINE);
    }

    @Test
    void an_agent_is_stale_after_45_s_without_a_heartbeat_and_told_so_once() {
        register("a", 1, connection(1));
        assertThat(after(44)).isEmpty();
        assertThat(after(1)).containsExactly(changed(AgentStatus.STALE, 1, "no heartbeat for 45 s"));
        assertThat(after(1)).isEmpty();
    }

    @Test
    void a_heartbeat_makes_a_stale_agent_online_again() {
        register("a", 1, connection(1));
        after(45);
        assertThat(beat("a", 1)).containsExactly(changed(AgentStatus.ONLINE, 1, "heartbeats again"));
        assertThat(beat("a", 1)).isEmpty();
        assertThat(after(44)).isEmpty();
    }

    @Test
    void an_agent_silent_for_90_s_is_closed_and_offline() {
        register("a", 1, connection(1));
        after(45);
        assertThat(after(44)).isEmpty();
        assertThat(after(1))
                .containsExactly(
                        new Effect.Tell(
                                "edge",
                                new ConnectionCommand.Close(
                                        1, "a", 1, CloseCode.GOING_AWAY, "no heartbeat for 90 s", Optional.empty())),
                        changed(AgentStatus.OFFLINE, 1, "no heartbeat for 90 s"));
        assertThat(after(100)).isEmpty();
    }

    @Test
    void a_heartbeat_after_the_end_does_not_bring_an_agent_back() {
        register("a", 1, connection(1));
        after(90);
        assertThat(beat("a", 1)).isEmpty();
        assertThat(status("a")).isEqualTo(AgentStatus.OFFLINE);
    }

    @Test
    void a_heartbeat_of_a_replaced_connection_does_not_count() {
        register("a", 1, connection(1));
        register("a", 2, connection(2));
        after(44);
        beat("a", 1);
        assertThat(after(1)).containsExactly(changed(AgentStatus.STALE, 2, "no heartbeat for 45 s"));
    }

    @Test
    void the_wall_clock_makes_nobody_stale() {
        register("a", 1, connection(1));
        time.shiftWallClock(Duration.ofHours(1));
        assertThat(after(1)).isEmpty();
        time.shiftWallClock(Duration.ofHours(-2));
        assertThat(after(1)).isEmpty();
    }

    @Test
    void a_heartbeat_is_seen_and_waits_to_be_saved() {
        register("a", 1, connection(1));
        time.advance(Duration.ofSeconds(1));
        beat("a", 1);
        assertThat(sessions.find("a").flatMap(AgentSummary::lastSeen)).contains(time.instant());
        assertThat(sessions.unsavedLastSeen()).isEqualTo(Map.of("a", time.instant()));
    }

    @Test
    void what_was_saved_is_not_saved_again_but_what_came_since_is() {
        register("a", 1, connection(1));
        register("b", 1, connection(2));
        beat("a", 1);
        beat("b", 1);
        Map<String, Instant> batch = sessions.unsavedLastSeen();
        time.advance(Duration.ofSeconds(1));
        beat("b", 1);
        sessions.saved(batch);
        assertThat(sessions.unsavedLastSeen()).isEqualTo(Map.of("b", time.instant()));
    }

    @Test
    void a_revoked_agent_is_closed_and_gone_at_once() {
        register("a", 1, connection(1));
        beat("a", 1);
        assertThat(sessions.revoked("a"))
                .containsExactly(
                        close(CloseCode.UNAUTHORIZED, "the agent was revoked", ErrorCode.UNAUTHORIZED),
                        new Effect.Publish(new AgentEvent.Removed("a", time.instant())));
        assertThat(sessions.list()).isEmpty();
        assertThat(sessions.unsavedLastSeen()).isEmpty();
        assertThat(sessions.disconnected(new ConnectionEvent.Disconnected("a", 1, "closed")))
                .isEmpty();
    }

    @Test
    void a_revoked_agent_without_a_connection_is_gone_too() {
        sessions.know(stored("a", 1));
        assertThat(sessions.revoked("a"))
                .containsExactly(new Effect.Publish(new AgentEvent.Removed("a", time.instant())));
        assertThat(sessions.revoked("a")).isEmpty();
    }

    @Test
    void a_session_on_a_rotated_token_ends_with_it() {
        register("a", 1, connection(1));
        sessions.rotated("a", "newer", time.instant().plus(Duration.ofMinutes(10)));
        for (int i = 0; i < 599; i++) {
            beat("a", 1);
            assertThat(after(1)).isEmpty();
        }
        String reason = "the agent's token was replaced by a newer one";
        assertThat(after(1))
                .containsExactly(
                        close(CloseCode.UNAUTHORIZED, reason, ErrorCode.UNAUTHORIZED),
                        changed(AgentStatus.OFFLINE, 1, reason));
    }

    @Test
    void a_session_on_the_new_token_goes_on() {
        register("a", 1, connection(1));
        sessions.rotated("a", "jti-1", time.instant());
        assertThat(after(1)).isEmpty();
    }

    @Test
    void a_session_that_registers_on_an_ending_token_ends_with_it() {
        Instant end = time.instant().plus(Duration.ofSeconds(5));
        sessions.registered(
                new Registration.Outcome.Admitted(stored("a", 1), Optional.empty(), "jti-1", Optional.of(end)),
                connection(1));
        assertThat(after(4)).isEmpty();
        assertThat(after(1)).hasSize(2);
    }

    @Test
    void a_second_rotation_does_not_prolong_the_first() {
        register("a", 1, connection(1));
        sessions.rotated("a", "second", time.instant().plus(Duration.ofSeconds(10)));
        sessions.rotated("a", "third", time.instant().plus(Duration.ofSeconds(30)));
        assertThat(after(10)).hasSize(2);
    }

    @Test
    void agents_are_listed_by_name_and_counted_by_status() {
        sessions.know(stored("c", 1));
        register("b", 1, connection(1));
        register("a", 1, connection(2));
        assertThat(sessions.list()).extracting(AgentSummary::name).containsExactly("a", "b", "c");
        assertThat(sessions.count()).isEqualTo(Map.of(AgentStatus.ONLINE, 2L, AgentStatus.OFFLINE, 1L));
    }

    private List<Effect> register(String name, long epoch, Connection connection) {
        return sessions.registered(
                new Registration.Outcome.Admitted(
                        stored(name, epoch), Optional.empty(), "jti-" + epoch, Optional.empty()),
                connection);
    }

    private List<Effect> beat(String name, long epoch) {
        return sessions.heard(List.of(new ConnectionEvent.Beat(name, epoch)));
    }

    private List<Effect> after(long seconds) {
        time.advance(Duration.ofSeconds(seconds));
        return sessions.tick();
    }

    private AgentStatus status(String name) {
        return sessions.find(name).orElseThrow().status();
    }

    private Effect changed(AgentStatus status, long epoch, String reason) {
        return new Effect.Publish(new AgentEvent.StatusChanged("a", status, epoch, time.instant(), reason));
    }

    /** Of connection 1 with epoch 1. */
    private static Effect close(CloseCode code, String reason, ErrorCode error) {
        return new Effect.Tell("edge", new ConnectionCommand.Close(1, "a", 1, code, reason, Optional.of(error)));
    }

    private StoredAgent stored(String name, long epoch) {
        return new StoredAgent(
                name, "id-" + name, epoch, time.instant(), time.instant(), Optional.empty(), List.of(), "node");
    }

    private static Connection connection(long id) {
        return new Connection("node", "edge", id, "127.0.0.1");
    }
}
