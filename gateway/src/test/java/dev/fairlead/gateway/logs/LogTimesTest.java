package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual clock begins at midnight and is before every file's own time, which no mark may be later than. */
class LogTimesTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path root;

    private LogOnDisk log;

    @BeforeEach
    void open() throws IOException {
        log = new LogOnDisk(root, 8 * 1024);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @Test
    void each_line_has_the_time_at_which_it_was_first_seen() throws IOException {
        written("a\nb\n");
        later(5);
        written("c\n");
        later(5);

        assertThat(log.timed()).containsExactly("0 a", "0 b", "5 c");
    }

    @Test
    void a_line_has_the_time_at_which_it_began() throws IOException {
        written("slow");
        later(5);
        written("ly\nnext\n");

        assertThat(log.timed()).containsExactly("0 slowly", "5 next");
    }

    @Test
    void times_are_kept_when_the_gateway_is_gone_from_one_moment_to_the_next() throws IOException {
        written("a\n");
        later(5);
        written("b\n");
        LogOnDisk dead = log; // nothing is closed: it was killed
        log = new LogOnDisk(root, 8 * 1024);

        assertThat(log.timed()).containsExactly("0 a", "5 b");
        dead.close();
    }

    @Test
    void what_came_while_no_gateway_was_there_has_no_time() throws IOException {
        written("seen\n");
        log.write("missed\n");
        later(60);
        log.restart();
        later(5);
        written("new\n");

        assertThat(log.timed()).containsExactly("0 seen", "? missed", "65 new");
    }

    @Test
    void lines_written_before_times_were_kept_have_none() throws IOException {
        written("old\n");
        Files.delete(log.folder.resolve(LogTimes.FILE));
        log.restart();
        later(5);
        written("new\n");

        assertThat(log.timed()).containsExactly("? old", "5 new");
    }

    @Test
    void a_damaged_file_of_times_harms_nothing() throws IOException {
        written("a\n");
        later(1);
        written("b\n");
        Files.write(log.folder.resolve(LogTimes.FILE), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
        log.restart();
        assertThat(log.timed()).containsExactly("0 a", "1 b");

        Files.write(log.folder.resolve(LogTimes.FILE), new byte[100]);
        log.restart();
        assertThat(log.timed()).containsExactly("? a", "? b");
    }

    @Test
    void times_follow_the_gateways_own_rotation() throws IOException {
        assumeTrue(log.blocks.supported(root));
        for (int second = 0; second < 12; second++) {
            written(second + "x".repeat(1020) + "\n");
            later(1);
        }
        assertThat(log.log.rotation().rotateIfDue().rotated()).isTrue();
        written("last\n");

        assertThat(log.timed()).hasSize(13).allSatisfy(line -> {
            String[] parts = line.split(" ", -1);
            assertThat(parts[1]).startsWith(parts[0].equals("12") ? "last" : parts[0] + "x");
        });
    }

    @Test
    void times_follow_a_rename() throws IOException {
        written("old\n");
        later(5);
        log.rename("current.log.1");
        written("new\n");

        assertThat(log.timed()).containsExactly("0 old", "5 new");
    }

    @Test
    void a_file_that_was_copied_and_cut_gets_new_times_even_if_nobody_read_it() throws IOException {
        written("a long line that will be gone\n");
        later(5);
        Files.write(log.current(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        written("new\n");
        assertThat(log.timed()).containsExactly("5 new");

        Files.write(log.current(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        log.restart();
        later(5);
        written("x\n");
        assertThat(log.timed()).containsExactly("10 x");
    }

    @Test
    void a_moment_is_where_the_first_line_of_it_or_later_begins() throws IOException {
        written("a\n");
        later(10);
        written("b\n");
        later(10);
        written("c\n");

        assertThat(lineAt(0)).isEqualTo("a");
        assertThat(lineAt(1)).isEqualTo("b");
        assertThat(lineAt(10)).isEqualTo("b");
        assertThat(lineAt(11)).isEqualTo("c");
        assertThat(log.log.times().from(MIDNIGHT.plusSeconds(21))).isEmpty();
    }

    @Test
    void lines_of_an_unknown_time_may_be_of_the_moment_after_what_is_known() throws IOException {
        written("a\n");
        log.write("missed\n");
        later(60);
        log.restart();
        written("b\n");

        assertThat(lineAt(30)).isEqualTo("missed");
    }

    @Test
    void the_marks_are_bounded_and_the_latest_stay_fine() throws IOException {
        try (LogTimes times = LogTimes.open(Files.createDirectory(root.resolve("many")), 7)) {
            int many = 3 * LogTimes.MAX_MARKS;
            for (int i = 1; i <= many; i++) {
                times.note(i * 10L, i * 1_000L);
            }
            assertThat(Files.size(root.resolve("many").resolve(LogTimes.FILE)))
                    .isLessThanOrEqualTo(16L + 16L * LogTimes.MAX_MARKS);
            LogLine late = new LogLine("late", many * 10L - 100, many * 10L - 90);
            assertThat(times.between(late.start(), late.end()).at(late))
                    .hasValue(Instant.ofEpochMilli((many - 9) * 1_000L));
            LogLine early = new LogLine("early", 0, 10);
            assertThat(times.between(0, 10).at(early).orElseThrow())
                    .isBetween(Instant.ofEpochSecond(1), Instant.ofEpochSecond(1_000));
        }
    }

    @Test
    void what_comes_within_a_moment_has_one_mark() throws IOException {
        try (LogTimes times = LogTimes.open(Files.createDirectory(root.resolve("quick")), 7)) {
            for (int i = 1; i <= 100; i++) {
                times.note(i * 10L, i);
            }
            assertThat(Files.size(root.resolve("quick").resolve(LogTimes.FILE))).isEqualTo(16 + 16 * 10);
            assertThat(times.from(Instant.ofEpochMilli(31))).isEqualTo(OptionalLong.of(100));
        }
    }

    private String lineAt(int second) throws IOException {
        long end = log.log.reader().lastLineEnd();
        long from = log.log.times().from(MIDNIGHT.plusSeconds(second)).orElseThrow();
        List<LogLine> lines = log.log
                .pager()
                .on(log.log.pager().lineFrom(from, end), end, 1, line -> true)
                .page()
                .lines();
        return lines.get(0).text();
    }

    private void written(String text) throws IOException {
        log.write(text);
        log.log.sync();
    }

    private void later(int seconds) {
        log.time.advance(Duration.ofSeconds(seconds));
    }
}
