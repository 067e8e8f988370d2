package dev.fairlead.gateway.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One who reads a log on while it is written, rotated, renamed, and while files of it are deleted: every byte is either
 * told or told to be skipped, in order, and nothing that happened before keeps the next line from being told.
 */
class LogModelTest {
    private static final int STEPS = 120;
    private static final int ROTATE_SIZE = 8 * 1024;

    @TempDir
    Path root;

    private long written;
    private long told;
    private long skipped;
    private int lastNumber = -1;
    private int nextNumber;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void every_byte_is_told_or_told_to_be_skipped(long seed) throws IOException {
        Random random = new Random(seed);
        try (LogOnDisk log = new LogOnDisk(root, ROTATE_SIZE)) {
            assumeTrue(log.blocks.supported(root));
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> write(log, random.nextInt(600));
                    case 3 -> rotate(log);
                    case 4 -> delete(log, random);
                    case 5 -> log.reopen();
                    default -> read(log, random.nextInt(4));
                }
            }
            write(log, 1);
            read(log, Integer.MAX_VALUE);

            assertThat(lastNumber).isEqualTo(nextNumber - 1);
            assertThat(told + skipped).isEqualTo(written);
        }
    }

    private void write(LogOnDisk log, int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(nextNumber++).append(" a line\n");
        }
        log.write(text.toString());
        written += text.length();
    }

    private static void rotate(LogOnDisk log) throws IOException {
        log.log.file().sync();
        log.log.rotation().rotateIfDue();
    }

    /** As a user who clears up: rotated files go, whoever reads them. */
    private static void delete(LogOnDisk log, Random random) throws IOException {
        Files.deleteIfExists(log.folder.resolve("current.log." + (1 + random.nextInt(5))));
        if (random.nextBoolean()) {
            log.reopen(); // nobody has it open any more
        }
    }

    private void read(LogOnDisk log, int most) throws IOException {
        log.log.file().sync();
        for (int i = 0; i < most; i++) {
            LogStretch stretch = log.log.reader().read(log.position, LogReader.NO_LIMIT, Rest.WAITS);
            List<LogPart> parts = new ArrayList<>(stretch.parts());
            parts.forEach(this::see);
            log.position = stretch.to();
            if (!stretch.more()) {
                return;
            }
        }
    }

    private void see(LogPart part) {
        if (part instanceof LogPart.Skipped gone) {
            assertThat(gone.bytes()).isPositive();
            skipped += gone.bytes();
        } else if (part instanceof LogPart.Lines lines) {
            for (LogLine line : lines.lines()) {
                told += line.end() - line.start();
                if (line.text().matches("\\d+ a line")) {
                    int number = Integer.parseInt(line.text().split(" ", 2)[0]);
                    if (line.text().length() + 1 == line.end() - line.start() && !isRest(number)) {
                        assertThat(number).isGreaterThan(lastNumber);
                        lastNumber = number;
                    }
                }
            }
        }
    }

    /** After a gap a line may begin within a number: "123 a line" shows as "3 a line". */
    private boolean isRest(int number) {
        return number <= lastNumber && skipped > 0;
    }
}
