package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/** All there is to one log on disk. Used by one thread at a time; blocks on the disk. */
record OpenLog(LogFile file, LogReader reader, LogPager pager, LogRotation rotation, LogTimes times, TimeSource time) {

    /**
     * Opens the log, made where it is missing; a rotation that was begun is ended first.
     *
     * @param unseen bytes of the current file that were there before anybody looked: when they came is not known, where
     *     it was not noted in an earlier life
     */
    static OpenLog open(
            DataFolder data, String name, Settings.Logs settings, FileBlocks blocks, TimeSource time, long unseen)
            throws IOException {
        LogFile file = new LogFile(new LogFolder(data, name), time);
        LogReader reader = new LogReader(file);
        LogRotation rotation =
                new LogRotation(file, blocks, settings.rotateSize().bytes(), settings.rotateKeep());
        rotation.recover();
        LogTimes times = LogTimes.open(file.folder().path(), file.files().id());
        file.noted(times.noted());
        OpenLog log = new OpenLog(file, reader, new LogPager(file, reader), rotation, times, time);
        log.look(unseen);
        return log;
    }

    /** Looks what became of the files, and notes when what came was written. */
    void sync() throws IOException {
        look(0);
    }

    private void look(long unseen) throws IOException {
        file.sync();
        times.belongTo(file.files().id());
        long end = file.end();
        Optional<Generation> current = file.files().current();
        if (unseen > 0 && current.isPresent()) {
            times.noteUnseen(Math.min(end, current.get().position(unseen)));
        }
        if (end != times.noted()) {
            long now = time.millis();
            long written = file.written().map(FileTime::toMillis).orElse(now);
            times.note(end, Math.min(now, Math.max(written, times.latest().orElse(written))));
            file.noted(end);
        }
    }

    LogFrames frames(LogFilter filter) {
        return new LogFrames(file.files().id(), filter);
    }

    void append(byte[] bytes) throws IOException {
        try (FileChannel channel = file.folder().append()) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
        sync();
    }

    void close() throws IOException {
        file.close();
        times.close();
    }
}
