package dev.fairlead.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.agents.AgentCommands.Connection;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.AgentStatus;
import dev.fairlead.protocol.AgentSummary;
import dev.fairlead.protocol.CloseCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes here of agents that are connected to other nodes. */
class OthersAgentsTest {
    private final ManualTime time = new ManualTime();
    private final AgentSessions sessions =
            new AgentSessions(time, Settings.defaults().agents());
    private final OthersAgents others = new OthersAgents(time, sessions);

    @Test
    void one_that_comes_to_another_node_is_told_here() {
        assertThat(others.told(connected("a", 1, "n2"))).containsExactly(new Effect.Publish(connected("a", 1, "n2")));
        assertThat(summary("a"))
                .returns(AgentStatus.ONLINE, AgentSummary::status)
                .returns(Optional.of("n2"), AgentSummary::node);
    }

    @Test
    void the_connection_here_that_a_newer_one_replaces_is_closed() {
        register("a", 1);
        assertThat(others.told(connected("a", 2, "n2")))
                .first()
                .isInstanceOfSatisfying(Effect.Tell.class, tell -> assertThat(tell.command())
                        .isInstanceOfSatisfying(ConnectionCommand.Close.class, close -> assertThat(close)
                                .returns(1L, ConnectionCommand.Close::epoch)
                                .returns(CloseCode.REPLACED, ConnectionCommand.Close::closeCode)));
        assertThat(sessions.disconnected(new ConnectionEvent.Disconnected("a", 1, "closed")))
                .isEmpty();
    }

    @Test
    void news_of_an_older_connection_changes_nothing() {
        register("a", 2);
        assertThat(others.told(connected("a", 1, "n2"))).isEmpty();
        assertThat(others.told(offline("a", 1))).isEmpty();
        assertThat(summary("a").status()).isEqualTo(AgentStatus.ONLINE);
    }

    @Test
    void a_registration_here_that_a_newer_one_elsewhere_overtook_is_closed() {
        others.told(connected("a", 2, "n2"));
        assertThat(register("a", 1)).singleElement().isInstanceOfSatisfying(Effect.Tell.class, tell -> assertThat(
                        tell.command())
                .isInstanceOfSatisfying(ConnectionCommand.Close.class, close -> assertThat(close.closeCode())
                        .isEqualTo(CloseCode.REPLACED)));
        assertThat(summary("a").node()).contains("n2");
    }

    @Test
    void who_was_known_as_offline_is_shown_with_the_same_epoch() {
        sessions.know(stored("a", 3));
        assertThat(others.shown("n2", List.of(connected("a", 3, "n2")))).hasSize(1);
        assertThat(summary("a").status()).isEqualTo(AgentStatus.ONLINE);
        assertThat(others.shown("n2", List.of(connected("a", 3, "n2")))).isEmpty();
    }

    @Test
    void whom_its_node_does_not_show_any_more_is_offline_and_so_is_all_of_one_that_is_away() {
        others.told(connected("a", 1, "n2"));
        others.told(connected("b", 1, "n2"));
        others.told(connected("c", 1, "n3"));
        assertThat(others.shown("n2", List.of(connected("b", 1, "n2")))).hasSize(1);
        assertThat(summary("a").status()).isEqualTo(AgentStatus.OFFLINE);
        assertThat(others.away("n2")).hasSize(1);
        assertThat(summary("b").status()).isEqualTo(AgentStatus.OFFLINE);
        assertThat(summary("c").status()).isEqualTo(AgentStatus.ONLINE);
    }

    @Test
    void silence_elsewhere_is_for_its_node_to_judge() {
        others.told(connected("a", 1, "n2"));
        time.advance(Settings.defaults().agents().offlineAfter().multipliedBy(2));
        assertThat(sessions.tick()).isEmpty();
    }

    @Test
    void who_was_revoked_unheard_is_gone_once_the_database_was_read() {
        sessions.know(stored("a", 1));
        sessions.know(stored("b", 1));
        var before = others.epochs();
        others.told(connected("b", 2, "n2"));
        assertThat(others.read(before, List.of(stored("c", 1))))
                .containsExactly(new Effect.Publish(new AgentEvent.Removed("a", time.instant())));
        assertThat(sessions.list()).extracting(AgentSummary::name).containsExactly("b", "c");
    }

    private AgentSummary summary(String name) {
        return sessions.find(name).orElseThrow();
    }

    private List<Effect> register(String name, long epoch) {
        return sessions.registered(
                new Registration.Outcome.Admitted(stored(name, epoch), Optional.empty(), "jti", Optional.empty()),
                new Connection("n1", "n1/edge", epoch, "127.0.0.1"));
    }

    private StoredAgent stored(String name, long epoch) {
        return new StoredAgent(
                name, "id-" + name, epoch, Instant.EPOCH, Instant.EPOCH, Optional.empty(), List.of(), "n1");
    }

    private static AgentEvent.StatusChanged offline(String name, long epoch) {
        return new AgentEvent.StatusChanged(name, AgentStatus.OFFLINE, epoch, Instant.EPOCH, "closed");
    }

    private static AgentEvent.Connected connected(String name, long epoch, String node) {
        return new AgentEvent.Connected(
                new AgentSummary(
                        name,
                        "id-" + name,
                        AgentStatus.ONLINE,
                        Optional.of(Instant.EPOCH),
                        Optional.of(Instant.EPOCH),
                        Optional.empty(),
                        List.of(),
                        Optional.of(node),
                        Optional.of(epoch)),
                new Connection(node, node + "/edge", 9, "127.0.0.1"),
                epoch,
                Instant.EPOCH);
    }
}
