package dev.fairlead.gateway.alerts;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How full the disk of a folder is, as {@code df} has it: what only root may use counts as used. */
final class DiskFill {
    private DiskFill() {}

    /** In percent, rounded down. */
    static Future<Integer> of(Vertx vertx, Path folder) {
        return vertx.executeBlocking(() -> {
            FileStore store = Files.getFileStore(folder);
            long used = store.getTotalSpace() - store.getUnallocatedSpace();
            long whole = used + store.getUsableSpace();
            return whole <= 0 ? 0 : (int) (used * 100.0 / whole);
        });
    }
}
