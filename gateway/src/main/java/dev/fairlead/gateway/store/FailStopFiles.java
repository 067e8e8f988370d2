package dev.fairlead.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * Files for H2 ({@code failstop:PATH}) to which nothing more is written once a write to them failed, until they are
 * opened anew. H2 by itself may go on: the disk was full for a moment, one piece of the file is not written, the next
 * one fits and refers to it, and space that the last good state needs is used again. Such a file opens without what was
 * committed last, or not at all. One that stops there is as a kill would have left it.
 */
public final class FailStopFiles extends FilePathWrapper {
    private static final String SCHEME = "failstop";

    /** What comes before a path. */
    static final String PREFIX = SCHEME + ":";

    /** Lets H2 know them; to be called before one is opened. */
    static void register() {
        FilePath.register(new FailStopFiles());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new Channel(super.open(mode));
    }

    private static final class Channel extends ForwardingFile {
        private volatile Optional<IOException> failure = Optional.empty();

        Channel(FileChannel file) {
            super(file);
        }

        private interface Change<T> {
            T make() throws IOException;
        }

        private <T> T unlessFailed(Change<T> change) throws IOException {
            Optional<IOException> before = failure;
            if (before.isPresent()) {
                throw new IOException(
                        "Nothing is written after what failed: " + before.get().getMessage(), before.get());
            }
            try {
                return change.make();
            } catch (IOException e) {
                failure = Optional.of(e);
                throw e;
            }
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            return unlessFailed(() -> super.write(bytes));
        }

        @Override
        @SuppressWarnings("UnsynchronizedOverridesSynchronized") // as of the file below
        public int write(ByteBuffer bytes, long position) throws IOException {
            return unlessFailed(() -> super.write(bytes, position));
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            return unlessFailed(() -> super.truncate(size));
        }

        @Override
        public void force(boolean metaData) throws IOException {
            unlessFailed(() -> {
                super.force(metaData);
                return this;
            });
        }
    }
}
