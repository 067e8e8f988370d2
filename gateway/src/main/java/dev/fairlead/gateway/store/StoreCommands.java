package dev.fairlead.gateway.store;

import dev.fairlead.gateway.bus.Request;
import java.time.Instant;

/** What can be asked of a node's store, at the place of that node. */
public final class StoreCommands {
    private StoreCommands() {}

    /**
     * Makes a backup of all the node keeps but its instances' logs and folders, while it works. Refused with
     * {@code conflict} where the database is a server's, which has tools of its own. One at a time: the next one
     * discards what was not fetched of the last.
     */
    public record Backup() implements Request<Made> {}

    /**
     * A copy that lies ready.
     *
     * @param id what to read it by
     */
    public record Made(String id, Instant at, long bytes) {}

    /** Reads a piece of a backup. Refused with {@code not_found} where it was discarded. */
    public record ReadBackup(String id, long from) implements Request<Piece> {}

    /** A piece; an empty one at the end, after which the backup is gone. */
    @SuppressWarnings("ArrayRecordComponent") // passed on as it is, compared by nobody
    public record Piece(byte[] bytes) {}
}
