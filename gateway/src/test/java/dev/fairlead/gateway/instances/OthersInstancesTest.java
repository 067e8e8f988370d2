package dev.fairlead.gateway.instances;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.InstanceStatus;
import dev.fairlead.protocol.InstanceSummary;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is made of what other nodes tell of their instances. */
class OthersInstancesTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = AT.plusSeconds(60);

    private final OthersInstances others = new OthersInstances();

    private static InstanceSummary instance(String name, String node, InstanceStatus status) {
        return new InstanceSummary(
                name,
                status,
                Optional.of(18801),
                Optional.of(7L),
                Optional.empty(),
                Optional.of("ok"),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.of(AT),
                Optional.of(node),
                AT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private List<InstanceEvent> shown(String node, InstanceSummary... all) {
        return others.shown(node, List.of(all), LATER);
    }

    @Test
    void what_a_node_has_is_told_as_far_as_it_is_news() {
        InstanceSummary a = instance("a", "n1", InstanceStatus.RUNNING);
        InstanceSummary stopped = instance("a", "n1", InstanceStatus.STOPPED);
        InstanceSummary b = instance("b", "n1", InstanceStatus.RUNNING);
        others.read(List.of(a, instance("other", "n2", InstanceStatus.RUNNING)));

        assertThat(shown("n1", stopped, b))
                .containsExactly(new InstanceEvent.StatusChanged(stopped, LATER), new InstanceEvent.Created(b, LATER));
        assertThat(shown("n1", stopped, b)).isEmpty();
        assertThat(shown("n1", b)).containsExactly(new InstanceEvent.Deleted("a", "n1", LATER));
        assertThat(others.all()).extracting(InstanceSummary::name).containsExactly("b", "other");
    }

    @Test
    void what_is_read_is_older_than_what_was_told() {
        InstanceSummary told = instance("a", "n1", InstanceStatus.RUNNING);
        others.told(new InstanceEvent.Created(told, AT));

        others.read(List.of(instance("a", "n1", InstanceStatus.STOPPED)));

        assertThat(others.find("a")).contains(told);
    }

    @Test
    void an_instance_of_a_node_that_is_away_is_unknown_until_that_tells_of_it_again() {
        InstanceSummary a = instance("a", "n1", InstanceStatus.RUNNING);
        InstanceSummary b = instance("b", "n2", InstanceStatus.RUNNING);
        others.read(List.of(a, b));

        List<InstanceEvent> news = others.away("n1", Optional.of(AT), LATER);

        InstanceSummary unknown = others.find("a").orElseThrow();
        assertThat(unknown.status()).isEqualTo(InstanceStatus.UNKNOWN);
        assertThat(unknown.reason().orElseThrow()).contains("n1").contains("since 2026-01-01T00:00:00Z");
        assertThat(unknown.node()).contains("n1");
        assertThat(unknown.pid()).isEmpty();
        assertThat(unknown.health()).isEmpty();
        assertThat(news).containsExactly(new InstanceEvent.StatusChanged(unknown, LATER));
        assertThat(others.find("b")).contains(b);
        assertThat(others.nodes()).containsExactly("n2");
        assertThat(others.isAway(a)).isTrue();

        assertThat(shown("n1", a)).containsExactly(new InstanceEvent.StatusChanged(a, LATER));
        assertThat(others.find("a")).contains(a);
        assertThat(others.nodes()).containsExactlyInAnyOrder("n1", "n2");
    }

    @Test
    void a_word_that_comes_late_of_a_node_that_is_away_shows_nothing() {
        others.read(List.of(instance("a", "n1", InstanceStatus.RUNNING)));
        others.away("n1", Optional.empty(), LATER);

        assertThat(others.told(new InstanceEvent.StatusChanged(instance("a", "n1", InstanceStatus.STOPPED), AT)))
                .isEmpty();
        assertThat(others.find("a").orElseThrow().status()).isEqualTo(InstanceStatus.UNKNOWN);
    }

    @Test
    void a_name_that_lives_on_another_node_by_now_is_not_gone_with_the_older_one() {
        InstanceSummary now = instance("a", "n2", InstanceStatus.RUNNING);
        others.told(new InstanceEvent.Created(instance("a", "n1", InstanceStatus.STOPPED), AT));
        others.told(new InstanceEvent.Created(now, AT));

        assertThat(others.told(new InstanceEvent.Deleted("a", "n1", LATER))).isEmpty();
        assertThat(others.find("a")).contains(now);

        assertThat(others.told(new InstanceEvent.Deleted("a", "n2", LATER))).isPresent();
        assertThat(others.find("a")).isEmpty();
    }
}
