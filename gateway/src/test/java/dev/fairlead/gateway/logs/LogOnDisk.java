package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.logs.LineSplitter.Rest;
import dev.fairlead.gateway.settings.ByteSize;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.ManualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A log in a folder of its own, and one who reads it on. */
final class LogOnDisk implements AutoCloseable {
    final ManualTime time = new ManualTime();
    final Path folder;
    final FileBlocks blocks = new FileBlocks();
    private final DataFolder data;
    private final Settings.Logs settings;
    OpenLog log;
    long position;
    private long unseen;

    LogOnDisk(Path root, long rotateSize) throws IOException {
        this(root, rotateSize, 5);
    }

    LogOnDisk(Path root, long rotateSize, int keep) throws IOException {
        this.data = DataFolder.open(root.resolve("data"));
        this.folder = root.resolve("data/logs/agent-1");
        this.settings = new Settings.Logs(
                Duration.ofMillis(500),
                Duration.ofMillis(100),
                new ByteSize(rotateSize),
                keep,
                Duration.ofSeconds(30),
                new ByteSize(1 << 30),
                10_000);
        reopen();
    }

    /** As after a restart of the gateway. */
    void reopen() throws IOException {
        if (log != null) {
            log.close();
        }
        log = OpenLog.open(data, "agent-1", settings, blocks, time, unseen);
    }

    /** As after a restart of the gateway, which finds what was written meanwhile. */
    void restart() throws IOException {
        unseen = Files.exists(current()) ? Files.size(current()) : 0;
        reopen();
        unseen = 0;
    }

    Path current() {
        return folder.resolve(LogFolder.CURRENT);
    }

    void write(String text) throws IOException {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
        Files.write(current(), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void rename(String to) throws IOException {
        Files.move(current(), folder.resolve(to));
    }

    /** What came since the last call; a rotation shows as {@code <rotated>}. */
    List<String> read() throws IOException {
        return read(Rest.WAITS);
    }

    List<String> read(Rest rest) throws IOException {
        List<String> all = new ArrayList<>();
        log.file().sync();
        boolean more = true;
        while (more) {
            LogStretch stretch = log.reader().read(position, LogReader.NO_LIMIT, rest);
            for (LogPart part : stretch.parts()) {
                if (part instanceof LogPart.Lines lines) {
                    lines.lines().forEach(line -> all.add(line.text()));
                } else if (part instanceof LogPart.Skipped skipped) {
                    all.add("<skipped " + skipped.bytes() + ">");
                } else {
                    all.add("<rotated>");
                }
            }
            position = stretch.to();
            more = stretch.more();
        }
        return all;
    }

    /** All lines, each behind the seconds of its time. */
    List<String> timed() throws IOException {
        log.sync();
        long end = log.reader().lastLineEnd();
        List<LogLine> lines = log.pager().before(end, 1000, line -> true).lines();
        LineTimes times = log.times().between(0, end);
        return lines.stream()
                .map(line -> times.at(line)
                                .map(at -> at.getEpochSecond() % 86_400 + " ")
                                .orElse("? ")
                        + line.text())
                .toList();
    }

    List<String> last(int lines) throws IOException {
        log.file().sync();
        return log.pager().before(log.reader().lastLineEnd(), lines, line -> true).lines().stream()
                .map(LogLine::text)
                .toList();
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
