package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who follows which log of another node, on both sides. */
class FollowedViewsTest {
    private static final long LINGER = LogTail.LINGER.toNanos();

    private final FollowedViews views = new FollowedViews();
    private final LogFollowers followers = new LogFollowers();

    @Test
    void a_view_is_followed_while_somebody_watches_it() {
        views.follow("a", "n1", 0);
        views.follow("b", "n2", 0);

        views.inUse(Set.of("a", "of nobody"), LINGER);

        assertThat(views.byHome(LINGER)).isEqualTo(Map.of("n1", Set.of("a"), "n2", Set.of("b")));
        assertThat(views.byHome(LINGER + 1)).isEqualTo(Map.of("n1", Set.of("a")));
        assertThat(views.of("n1")).containsExactly("a");
        assertThat(views.of("n2")).isEmpty();
    }

    @Test
    void of_a_log_that_has_moved_the_older_home_is_not_heard() {
        views.follow("a", "n1", 0);
        views.follow("a", "n2", 0);

        assertThat(views.shows("a", "n1")).isFalse();
        assertThat(views.shows("a", "n2")).isTrue();

        views.ended("a");
        assertThat(views.shows("a", "n2")).isFalse();
    }

    @Test
    void a_node_is_told_of_a_view_for_as_long_as_it_says_that_it_follows_it() {
        followers.follows("n2", Set.of("a", "b"), 0);
        followers.follows("n3", Set.of("a"), 0);

        followers.follows("n2", Set.of("a"), LINGER);

        assertThat(followers.of("a", LINGER)).containsExactlyInAnyOrder("n2", "n3");
        assertThat(followers.of("a", LINGER + 1)).containsExactly("n2");
        assertThat(followers.of("b", LINGER + 1)).isEmpty();
        assertThat(followers.of("of nobody", 0)).isEmpty();

        followers.ended("a");
        assertThat(followers.of("a", LINGER)).isEmpty();
    }
}
