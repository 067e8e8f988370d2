package dev.fairlead.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system for H2 ({@code jdbc:h2:faulty:…}) whose writes or syncs fail on demand, as a full or dying disk's do.
 */
public final class FaultyDisk extends FilePathWrapper {
    static final AtomicBoolean FULL = new AtomicBoolean();

    static final AtomicBoolean SYNC_FAILS = new AtomicBoolean();

    static void mount() {
        FULL.set(false);
        SYNC_FAILS.set(false);
        FilePath.register(new FaultyDisk());
    }

    @Override
    public String getScheme() {
        return "faulty";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(super.open(mode));
    }

    private static final class Channel extends ForwardingFile {
        Channel(FileChannel disk) {
            super(disk);
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            refuseWhenFull();
            return super.write(bytes);
        }

        @Override
        public synchronized int write(ByteBuffer bytes, long position) throws IOException {
            refuseWhenFull();
            return super.write(bytes, position);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (SYNC_FAILS.get()) {
                throw new IOException("Input/output error");
            }
            super.force(metaData);
        }

        private static void refuseWhenFull() throws IOException {
            if (FULL.get()) {
                throw new IOException("No space left on device");
            }
        }
    }
}
