package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.store.StoreCommands;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /api/admin/backup}: all the node keeps, as a file. */
public final class BackupCalls {
    /** For a database of many gigabytes on a slow disk. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Bus bus;
    private final String node;

    /** The calls of one edge, on that node. */
    public BackupCalls(Bus bus, String node) {
        this.bus = bus;
        this.node = node;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/api/admin/backup", Access.ADMIN, call -> backup())
                .audited("backup"));
    }

    private Future<Answer> backup() {
        return bus.requestAt(node, new StoreCommands.Backup(), PATIENCE)
                .map(made -> Answer.streamed(
                        "application/zip",
                        Map.of("Content-Disposition", "attachment; filename=\"fairlead-backup.zip\""),
                        new Pieces(made.id())));
    }

    private final class Pieces implements Answer.Source {
        private final String id;
        private long next;

        Pieces(String id) {
            this.id = id;
        }

        @Override
        public Future<Optional<Buffer>> next() {
            return bus.requestAt(node, new StoreCommands.ReadBackup(id, next)).map(piece -> {
                next += piece.bytes().length;
                return Optional.of(Buffer.buffer(piece.bytes()));
            });
        }
    }
}
