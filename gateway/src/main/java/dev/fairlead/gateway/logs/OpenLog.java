package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** All there is to one log on disk. Used by one thread at a time; blocks on the disk. */
record OpenLog(LogFile file, LogReader reader, LogPager pager, LogRotation rotation) {

    /** Opens the log, made where it is missing; a rotation that was begun is ended first. */
    static OpenLog open(DataFolder data, String name, Settings.Logs settings, FileBlocks blocks, TimeSource time)
            throws IOException {
        LogFile file = new LogFile(new LogFolder(data, name), time);
        LogReader reader = new LogReader(file);
        LogRotation rotation =
                new LogRotation(file, blocks, settings.rotateSize().bytes(), settings.rotateKeep());
        rotation.recover();
        file.sync();
        return new OpenLog(file, reader, new LogPager(file, reader), rotation);
    }

    void append(byte[] bytes) throws IOException {
        try (FileChannel channel = file.folder().append()) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }
    }
}
