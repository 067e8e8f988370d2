package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogRotationTest {
    private static final int SIZE = 64 * 1024;

    @TempDir
    Path root;

    private LogOnDisk log;

    @BeforeEach
    void open() throws IOException {
        log = new LogOnDisk(root, SIZE);
        assumeThat(log.blocks.supported(root)).isTrue();
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    private static String lines(int from, int to) {
        StringBuilder text = new StringBuilder();
        IntStream.range(from, to)
                .forEach(i -> text.append("line number ").append(i).append('\n'));
        return text.toString();
    }

    private static List<String> expected(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "line number " + i).toList();
    }

    @Test
    void the_files_joined_are_the_log_byte_for_byte() throws IOException {
        log.write(lines(0, 10_000));
        log.log.file().sync();
        assertThat(log.log.rotation().rotateIfDue().rotated()).isTrue();
        log.write(lines(10_000, 10_010));

        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(Files.readAllBytes(log.folder.resolve("current.log.2")));
        joined.writeBytes(Files.readAllBytes(log.folder.resolve("current.log.1")));
        joined.writeBytes(Files.readAllBytes(log.current()));
        assumeThat(log.blocks.canCollapse()).isTrue();
        assertThat(joined.toString(StandardCharsets.UTF_8)).isEqualTo(lines(0, 10_010));
        assertThat(Files.size(log.current())).isLessThan(SIZE);
    }

    @Test
    void a_reader_goes_on_within_a_line_that_was_cut() throws IOException {
        log.write(lines(0, 5_000));
        assertThat(log.read()).hasSize(5_000);
        log.write("unfinished");
        log.log.rotation().rotateIfDue();
        log.write(" line\n" + lines(5_000, 5_100));

        assertThat(log.read()).startsWith("unfinished line").hasSize(101).endsWith("line number 5099");
    }

    @Test
    void who_lags_reads_the_archive_and_then_on() throws IOException {
        log.close();
        log = new LogOnDisk(root, SIZE, 12);
        log.write(lines(0, 10_000));
        log.log.file().sync();
        log.log.rotation().rotateIfDue();
        log.write(lines(10_000, 20_000));
        log.log.rotation().rotateIfDue();
        log.write(lines(20_000, 20_100));

        assertThat(log.read()).isEqualTo(expected(0, 20_100));
        assertThat(log.last(1_000)).isEqualTo(expected(19_100, 20_100));
    }

    @Test
    void only_so_many_archives_are_kept() throws IOException {
        for (int i = 0; i < 8; i++) {
            log.write(lines(i * 5_000, (i + 1) * 5_000));
            log.log.file().sync();
            assertThat(log.log.rotation().rotateIfDue().rotated()).isTrue();
        }

        assertThat(log.folder.resolve("current.log.5")).exists();
        assertThat(log.folder.resolve("current.log.6")).doesNotExist();
        assertThat(log.log.file().files().files()).hasSize(6);
    }

    @Test
    void a_rotation_that_was_killed_before_the_blocks_went_is_ended() throws IOException {
        assumeThat(log.blocks.canCollapse()).isTrue();
        log.write(lines(0, 10_000));
        List<String> before = new ArrayList<>(log.read());
        // As far as: copied, written down, renamed.
        long bytes = (Files.size(log.current()) - 1) / 4096 * 4096;
        Generation current = log.log.file().files().current().orElseThrow();
        log.log.file().files().replace(current, current.printed(Generation.Print.NONE));
        log.log
                .file()
                .rotation(Optional.of(new LogFolder.Intent(bytes, Files.size(log.current()), true, Optional.empty())));
        Files.write(log.folder.resolve("current.log.1"), copy(bytes));
        log.write(lines(10_000, 10_100));
        log.reopen();

        assertThat(Files.size(log.current())).isLessThan(SIZE);
        before.addAll(log.read());
        assertThat(before).isEqualTo(expected(0, 10_100));
        assertThat(log.last(1000)).isEqualTo(expected(9_100, 10_100));
    }

    @Test
    void a_rotation_that_was_killed_after_the_blocks_went_is_not_repeated() throws IOException {
        assumeThat(log.blocks.canCollapse()).isTrue();
        log.write(lines(0, 10_000));
        List<String> before = new ArrayList<>(log.read());
        long bytes = (Files.size(log.current()) - 1) / 4096 * 4096;
        Generation current = log.log.file().files().current().orElseThrow();
        log.log.file().files().replace(current, current.printed(Generation.Print.NONE));
        log.log
                .file()
                .rotation(Optional.of(new LogFolder.Intent(bytes, Files.size(log.current()), true, Optional.empty())));
        Files.write(log.folder.resolve("current.log.1"), copy(bytes));
        log.blocks.collapse(log.current(), bytes);
        log.write(lines(10_000, 30_000)); // longer than it was before
        log.reopen();

        before.addAll(log.read());
        assertThat(before).isEqualTo(expected(0, 30_000));
    }

    @Test
    void a_rotation_that_was_killed_while_it_copied_is_undone() throws IOException {
        log.write(lines(0, 10_000));
        Files.writeString(log.folder.resolve(".archive.new"), "half a copy");
        log.reopen();

        assertThat(log.read()).isEqualTo(expected(0, 10_000));
        assertThat(log.folder.resolve(".archive.new")).doesNotExist();
    }

    @Test
    void nothing_is_lost_while_a_process_writes_on() throws Exception {
        log.close();
        log = new LogOnDisk(root, SIZE, 100); // more than is written, however late we look
        int count = 60_000;
        AtomicInteger written = new AtomicInteger();
        log.write("");
        Thread writer = new Thread(() -> {
            try (FileChannel channel = FileChannel.open(log.current(), StandardOpenOption.APPEND)) {
                for (int i = 0; i < count; i++) {
                    channel.write(ByteBuffer.wrap(("line number " + i + "\n").getBytes(StandardCharsets.UTF_8)));
                    written.incrementAndGet();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        List<String> read = new ArrayList<>();
        int rotations = 0;
        while (writer.isAlive() || written.get() > read.size()) {
            read.addAll(log.read());
            rotations += log.log.rotation().rotateIfDue().rotated() ? 1 : 0;
        }
        writer.join();
        read.addAll(log.read());

        assertThat(rotations).isPositive();
        assertThat(read).isEqualTo(expected(0, count));
    }

    @Test
    void a_flood_takes_no_more_than_the_bound_and_what_is_dropped_is_told() throws IOException {
        log.write("first\n");
        assertThat(log.read()).containsExactly("first");
        long bound = 6 * SIZE;
        long written = 6;
        long dropped = 0;
        for (int i = 0; i < 20; i++) {
            String flood = lines(i * 15_000, (i + 1) * 15_000); // four files' worth in one look
            log.write(flood);
            written += flood.length();
            assertThat(onDisk()).isLessThan(2 * bound);
            log.log.file().sync();
            dropped += log.log.rotation().rotateIfDue().dropped();
        }

        List<String> told = log.read();
        assertThat(told.get(0)).isEqualTo("<skipped " + (dropped - 6) + ">"); // the first line had been told
        assertThat(told).endsWith("line number 299999");
        long kept = written - dropped;
        assertThat(log.read()).isEmpty();
        assertThat(told.stream().skip(1).mapToLong(line -> line.length() + 1).sum())
                .isEqualTo(kept);
    }

    @Test
    void a_drop_that_was_killed_is_ended() throws IOException {
        assumeThat(log.blocks.canCollapse()).isTrue();
        log.write(lines(0, 10_000));
        log.read();
        Generation current = log.log.file().files().current().orElseThrow();
        log.log.file().files().replace(current, current.printed(Generation.Print.NONE));
        log.log
                .file()
                .rotation(Optional.of(
                        new LogFolder.Intent(4096, Files.size(log.current()), true, Optional.of(current.print()))));
        long before = Files.size(log.current());
        log.reopen();

        assertThat(Files.size(log.current())).isEqualTo(before - 4096);
        log.write("next\n");
        assertThat(log.read()).containsExactly("next");
    }

    @Test
    void a_file_that_only_the_gateway_writes_is_renamed_and_read_on_without_a_gap() throws IOException {
        for (int i = 0; i < 8; i++) {
            log.write(lines(i * 100, (i + 1) * 100));
            assertThat(log.read()).containsAll(expected(i * 100, (i + 1) * 100));
            log.log.rotation().rename();
        }
        log.log.rotation().rename(); // there is none: nobody has written since

        assertThat(log.folder.resolve("current.log.5")).exists();
        assertThat(log.folder.resolve("current.log.6")).doesNotExist();
        log.write(lines(800, 900));
        assertThat(log.read()).containsExactlyElementsOf(concat(List.of("<rotated>"), expected(800, 900)));
        assertThat(log.last(1_000)).isEqualTo(expected(300, 900));
        assertThat(log.log.file().files().files()).hasSize(6);
    }

    @RepeatedTest(10) // the file system chooses which inodes it uses again
    void who_does_not_read_is_told_what_went_with_the_files_that_were_renamed_meanwhile() throws IOException {
        log.write(lines(0, 100));
        assertThat(log.read()).isEqualTo(expected(0, 100));
        for (int i = 1; i < 10; i++) {
            log.log.rotation().rename();
            log.write(lines(i * 100, (i + 1) * 100));
        }
        log.reopen();

        List<String> read = log.read();
        assertThat(read.stream().filter(line -> line.startsWith("<skipped "))).hasSize(1);
        assertThat(read.stream().filter(line -> !line.startsWith("<")).toList()).isEqualTo(expected(400, 1_000));
    }

    private static List<String> concat(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    private long onDisk() throws IOException {
        try (var files = Files.list(log.folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private byte[] copy(long bytes) throws IOException {
        return Arrays.copyOf(Files.readAllBytes(log.current()), (int) bytes);
    }
}
