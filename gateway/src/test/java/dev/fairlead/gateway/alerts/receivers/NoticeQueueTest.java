package dev.fairlead.gateway.alerts.receivers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.settings.AlertRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NoticeQueueTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final long GATHER = NoticeQueue.GATHER.toNanos();

    private final NoticeQueue queue = new NoticeQueue(new Random(1));

    private static Notice notice(String alert, Notice.Status status) {
        return new Notice(
                alert,
                status,
                "instance_failed",
                AlertRule.Kind.INSTANCE_FAILED,
                AlertRule.Severity.CRITICAL,
                "web",
                "Läuft nicht",
                AT,
                Optional.empty(),
                1);
    }

    @Test
    void what_comes_at_once_goes_at_once() {
        queue.add(notice("a", Notice.Status.FIRING), 0);
        queue.add(notice("b", Notice.Status.FIRING), 1);
        assertThat(queue.next(0)).contains(NoticeQueue.GATHER);
        assertThat(queue.begin(0)).isEmpty();

        assertThat(queue.begin(GATHER)).hasSize(2);
        assertThat(queue.begin(GATHER)).as("one delivery at a time").isEmpty();
    }

    @Test
    void a_failed_delivery_comes_again_later_each_time() {
        queue.add(notice("a", Notice.Status.FIRING), 0);
        long now = GATHER;
        Duration before = Duration.ZERO;
        for (int i = 0; i < 6; i++) {
            assertThat(queue.begin(now)).hasSize(1);
            assertThat(queue.failed("it is down", Optional.empty(), now)).isEmpty();
            Duration wait = queue.next(now).orElseThrow();
            assertThat(wait).isGreaterThanOrEqualTo(before.dividedBy(2)).isLessThanOrEqualTo(Duration.ofMinutes(5));
            before = wait;
            now += wait.toNanos();
        }
        assertThat(queue.lastError()).contains("it is down");
        assertThat(queue.begin(now)).hasSize(1);
        queue.done(AT);

        assertThat(queue.waiting()).isZero();
        assertThat(queue.failures()).isZero();
    }

    @Test
    void a_receiver_that_asks_for_time_gets_it() {
        queue.add(notice("a", Notice.Status.FIRING), 0);
        assertThat(queue.begin(GATHER)).hasSize(1);
        assertThat(queue.failed("429", Optional.of(Duration.ofMinutes(3)), GATHER))
                .isEmpty();

        assertThat(queue.next(GATHER)).contains(Duration.ofMinutes(3));
    }

    @Test
    void that_it_is_over_replaces_that_it_fires() {
        queue.add(notice("a", Notice.Status.FIRING), 0);
        assertThat(queue.begin(GATHER)).hasSize(1);
        queue.add(notice("a", Notice.Status.RESOLVED), GATHER);
        assertThat(queue.failed("it is down", Optional.empty(), GATHER)).isEmpty();

        List<Notice> next = queue.begin(GATHER + Duration.ofMinutes(1).toNanos());

        assertThat(next).extracting(Notice::status).containsExactly(Notice.Status.RESOLVED);
    }

    @Test
    void no_more_waits_than_may() {
        for (int i = 0; i < NoticeQueue.MOST_WAITING; i++) {
            assertThat(queue.add(notice("a" + i, Notice.Status.FIRING), 0)).isEmpty();
        }

        assertThat(queue.add(notice("last", Notice.Status.FIRING), 0))
                .get()
                .extracting(Notice::alert)
                .isEqualTo("a0");
        assertThat(queue.waiting()).isEqualTo(NoticeQueue.MOST_WAITING);
    }

    @Test
    void what_a_failed_delivery_pushes_out_is_told() {
        queue.add(notice("first", Notice.Status.FIRING), 0);
        assertThat(queue.begin(GATHER)).hasSize(1);
        for (int i = 0; i < NoticeQueue.MOST_WAITING; i++) {
            assertThat(queue.add(notice("a" + i, Notice.Status.FIRING), GATHER)).isEmpty();
        }

        assertThat(queue.failed("it is down", Optional.empty(), GATHER))
                .extracting(Notice::alert)
                .containsExactly("first");
        assertThat(queue.waiting()).isEqualTo(NoticeQueue.MOST_WAITING);
    }

    @Test
    void what_a_message_has_no_room_for_is_counted() {
        List<Notice> notices = IntStream.range(0, 100)
                .mapToObj(i -> notice("ä" + i, Notice.Status.FIRING))
                .toList();

        String text = NoticeWords.lines(notices, 3_900);

        assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(3_800, 4_000);
        List<String> lines = text.lines().toList();
        assertThat(lines).last().isEqualTo("… and " + (101 - lines.size()) + " more");
        assertThat(lines.size()).isGreaterThan(2);
        assertThat(NoticeWords.lines(notices.subList(0, 2), 3_900)).isEqualTo(NoticeWords.lines(notices.subList(0, 2)));
    }
}
