package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    Path root;

    private LogOnDisk log;

    @BeforeEach
    void open() throws IOException {
        log = new LogOnDisk(root, 1 << 30);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @Test
    void a_log_without_a_file_is_empty_until_it_appears() throws IOException {
        assertThat(log.read()).isEmpty();
        assertThat(log.last(10)).isEmpty();

        log.write("first\n");
        assertThat(log.read()).containsExactly("first");
    }

    @Test
    void an_unfinished_line_waits_for_its_end() throws IOException {
        log.write("one\ntw");
        assertThat(log.read()).containsExactly("one");
        log.write("o\n");
        assertThat(log.read()).containsExactly("two");
    }

    @Test
    void a_line_told_before_its_end_is_not_told_again() throws IOException {
        log.write("prompt> ");
        assertThat(log.read(Rest.LEAVES)).containsExactly("prompt> ");
        log.write("\nnext\n");
        assertThat(log.read()).containsExactly("next");
    }

    @Test
    void a_renamed_file_is_read_to_its_end_before_the_new_one() throws IOException {
        log.write("a\n");
        log.read();
        log.write("b\nunfinished");
        log.rename("current.log.1");
        Files.writeString(log.folder.resolve("current.log.1"), "!\n", StandardOpenOption.APPEND);
        log.write("c\n");

        assertThat(log.read()).containsExactly("b", "unfinished!", "<rotated>", "c");
    }

    @Test
    void a_renamed_file_is_read_on_while_the_new_one_is_empty() throws IOException {
        log.write("a\n");
        log.read();
        log.rename("old.log");
        Files.createFile(log.current());
        Files.writeString(log.folder.resolve("old.log"), "late\n", StandardOpenOption.APPEND);
        assertThat(log.read()).containsExactly("late");

        log.time.advance(Duration.ofSeconds(2));
        assertThat(log.read()).containsExactly("<rotated>");
        log.write("new\n");
        assertThat(log.read()).containsExactly("new");
    }

    @Test
    void renames_nobody_saw_lose_nothing() throws IOException {
        log.write("0\n");
        log.read();
        for (int i = 1; i <= 4; i++) {
            for (int old = 3; old >= 1; old--) {
                Path file = log.folder.resolve("current.log." + old);
                if (Files.exists(file)) {
                    Files.move(file, log.folder.resolve("current.log." + (old + 1)));
                }
            }
            log.rename("current.log.1");
            log.write(i + "\n");
        }

        assertThat(log.read()).containsExactly("<rotated>", "1", "<rotated>", "2", "<rotated>", "3", "<rotated>", "4");
    }

    @Test
    void a_position_means_the_same_after_a_restart_and_renames_meanwhile() throws IOException {
        log.write("seen\n");
        log.read();
        log.write("missed\n");
        log.close();
        log.rename("current.log.1");
        log.write("new\n");
        log.reopen();

        assertThat(log.read()).containsExactly("missed", "<rotated>", "new");
    }

    @Test
    void a_file_that_is_cut_is_told_and_read_from_its_start() throws IOException {
        log.write("long enough\n");
        log.read();
        Files.writeString(log.current(), "short\n", StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(log.read()).containsExactly("<rotated>", "short");
    }

    @Test
    void a_file_that_is_cut_and_grew_past_its_size_is_told_as_well() throws IOException {
        log.write("old\n");
        log.read();
        Files.writeString(log.current(), "much longer than before\n", StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(log.read()).containsExactly("<rotated>", "much longer than before");
    }

    @Test
    void a_copy_made_before_the_file_is_cut_is_not_read_twice() throws IOException {
        log.write("old\n");
        log.read();
        Files.copy(log.current(), log.folder.resolve("current.log.1"), StandardCopyOption.REPLACE_EXISTING);
        Files.write(log.current(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(log.read()).containsExactly("<rotated>");
        log.write("new\n");
        assertThat(log.read()).containsExactly("new");
    }

    @Test
    void a_deleted_file_is_followed_by_the_next_one() throws IOException {
        log.write("a\n");
        log.read();
        log.write("b\n");
        Files.delete(log.current());
        assertThat(log.read()).containsExactly("b");
        log.write("c\n");
        assertThat(log.read()).containsExactly("<rotated>", "c");
    }

    @Test
    void the_last_lines_come_from_older_files_where_the_current_has_too_few() throws IOException {
        log.write("1\n2\n3\n");
        log.read();
        log.rename("current.log.1");
        log.write("4\n5\nunfinished");

        assertThat(log.last(3)).containsExactly("3", "4", "5");
        assertThat(log.last(0)).isEmpty();
        assertThat(log.last(100)).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void pages_backwards_leave_out_nothing_and_repeat_nothing() throws IOException {
        List<String> all = IntStream.range(0, 5_000)
                .mapToObj(i -> i % 50 == 0 ? "x".repeat(i * 20) + i : "line " + i)
                .toList();
        log.write(String.join("\n", all) + "\n");
        log.log.file().sync();
        long end = log.log.reader().lastLineEnd();
        StringBuilder read = new StringBuilder();
        while (true) {
            LogPager.Page page = log.log.pager().before(end, 300, line -> true);
            if (page.lines().isEmpty()) {
                break;
            }
            StringBuilder text = new StringBuilder();
            page.lines().forEach(line -> text.append(line.text()));
            read.insert(0, text);
            end = page.start();
        }

        assertThat(read.toString()).isEqualTo(String.join("", all));
    }

    @Test
    void who_was_overtaken_goes_on_at_the_oldest_byte_kept_and_is_told() throws IOException {
        log.write("seen\n");
        log.read();
        log.write("lost\n");
        log.rename("current.log.1");
        log.write("lost too\n");
        log.log.file().sync();
        log.rename("current.log.2");
        log.write("kept\n");
        log.log.file().sync();
        log.close();
        Files.delete(log.folder.resolve("current.log.1"));
        Files.delete(log.folder.resolve("current.log.2"));
        log.reopen();

        List<String> told = log.read();
        assertThat(told.get(0)).startsWith("<skipped ");
        assertThat(told).endsWith("<rotated>", "kept");
        log.write("live\n");
        assertThat(log.read()).containsExactly("live");
    }

    @Test
    void a_rotated_file_that_somebody_cut_keeps_nobody_waiting() throws IOException {
        log.write("seen\n");
        log.read();
        log.write("0123456789\n");
        log.rename("current.log.1");
        log.write("kept\n");
        log.log.file().sync();
        Files.writeString(log.folder.resolve("current.log.1"), "seen\n0123", StandardOpenOption.TRUNCATE_EXISTING);

        assertThat(log.read()).containsExactly("0123", "<skipped 7>", "<rotated>", "kept");
    }

    @Test
    void a_long_line_is_split_at_64_kib_whichever_way_it_is_read() throws IOException {
        String line = "0123456789".repeat(15_000);
        log.write("before\n" + line + "\nafter\n");

        List<String> onwards = log.read();
        assertThat(onwards).extracting(String::length).containsExactly(6, 65_536, 65_536, 18_928, 5);
        assertThat(log.last(10)).isEqualTo(onwards);
    }

    @Test
    void a_link_in_place_of_the_file_is_not_followed() throws IOException {
        Path secret = Files.writeString(root.resolve("secret"), "do not show\n");
        Files.createSymbolicLink(log.current(), secret);

        assertThat(log.read()).isEmpty();
        assertThat(log.last(10)).isEmpty();
    }
}
