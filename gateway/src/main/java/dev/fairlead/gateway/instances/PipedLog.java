package dev.fairlead.gateway.instances;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what one instance puts out to its log, file after file. Blocks for as long as there is no room on the disk or
 * no new file, so that the instance is slowed and nothing is lost. Used by one thread.
 */
final class PipedLog {
    private static final Logger log = LoggerFactory.getLogger(PipedLog.class);

    /** What it waits for. */
    interface Waits {
        /** Done when the log has a new file, or the gateway stops. */
        CompletionStage<Void> newFile(String name);

        /** Done a moment later, or when the gateway stops. */
        CompletionStage<Void> moment();

        /** Whether the gateway stops: what is in hand is written as it is, or not at all. */
        boolean over();
    }

    private final String name;
    private final InstanceLog logs;
    private final FileFill fill;
    private final Waits waits;
    private boolean withinLine;
    private boolean failing;

    PipedLog(String name, InstanceLog logs, FileFill fill, Waits waits) throws IOException {
        this.name = name;
        this.logs = logs;
        this.fill = fill;
        this.waits = waits;
        this.withinLine = !logs.endsWithLine(name);
    }

    /** Writes all of it. */
    void write(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            try {
                if (!writeSome(bytes)) {
                    waits.newFile(name).toCompletableFuture().join();
                } else if (failing) {
                    failing = false;
                    log.info("The log of instance '{}' is written again", name);
                }
            } catch (IOException e) {
                if (waits.over()) {
                    log.warn("The last output of instance '{}' could not be written: {}", name, e.getMessage());
                    return;
                }
                if (!failing) {
                    failing = true;
                    log.warn(
                            "The log of instance '{}' cannot be written: {}. It waits until that is possible",
                            name,
                            e.getMessage());
                }
                waits.moment().toCompletableFuture().join();
            }
        }
    }

    /** Whether any of it had a place. */
    private boolean writeSome(ByteBuffer bytes) throws IOException {
        // Opened anew each time: where somebody renamed or removed the file, a new one is begun.
        try (FileChannel file = logs.append(name)) {
            int all = bytes.limit();
            int fits = waits.over() ? bytes.remaining() : fill.fits(file.size(), bytes, withinLine);
            int from = bytes.position();
            bytes.limit(from + fits);
            try {
                while (bytes.hasRemaining()) {
                    file.write(bytes);
                }
            } finally {
                bytes.limit(all);
                if (bytes.position() > from) {
                    withinLine = bytes.get(bytes.position() - 1) != '\n';
                }
            }
            return fits > 0;
        }
    }
}
