package dev.fairlead.gateway.store;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Wires the store: answers for its health, makes backups of it. */
public final class StoreVerticle extends VerticleBase {
    /** Where backups lie until they are fetched. */
    static final String FOLDER = "backup";

    private static final String HEALTH_PLACE = "store";

    /** Bytes of a backup that are read at once. */
    private static final int PIECE = 256 * 1024;

    private static final String DATABASE = ".database.zip";

    private final Database database;
    private final DataFolder folder;
    private final TimeSource time;
    private final String node;
    private final Optional<String> missing;
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private Future<?> last = Future.succeededFuture();

    /** @param missing what of the database was found to be lost at the start */
    public StoreVerticle(
            Database database,
            DataFolder folder,
            TimeSource time,
            String node,
            Optional<String> missing,
            MeterRegistry metrics) {
        FunctionCounter.builder("fairlead.store.commits", database, Database::groups)
                .description("Transactions of the writer that were committed")
                .register(metrics);
        this.database = database;
        this.folder = folder;
        this.time = time;
        this.node = node;
        this.missing = missing;
    }

    @Override
    public Future<?> start() {
        Bus bus = Bus.on(vertx);
        consumers.add(bus.answerAt(HEALTH_PLACE, HealthCommands.Check.class, check -> health()));
        consumers.add(bus.answerAt(node, StoreCommands.Backup.class, command -> backup()));
        consumers.add(bus.answerAt(node, StoreCommands.ReadBackup.class, this::read));
        return Future.all(consumers.stream().map(MessageConsumer::completion).toList());
    }

    @Override
    public Future<?> stop() {
        return Future.join(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private Future<HealthCommands.Result> health() {
        return database.ping()
                .map(ignored -> missing.map(HealthCommands.Result::degraded).orElse(HealthCommands.Result.OK));
    }

    private Future<StoreCommands.Made> backup() {
        if (database.mark().isEmpty()) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.CONFLICT,
                    "The database is a server's (db.url): back it up with its own tools, as pg_dump. Besides it a backup"
                            + " needs the data folder without logs/ and instances/"));
        }
        String id = UUID.randomUUID().toString();
        Instant at = time.instant();
        Future<StoreCommands.Made> made = last.otherwiseEmpty()
                .compose(ended -> vertx.executeBlocking(this::cleared, false))
                .compose(place -> database.backup(place.resolve(id + DATABASE)).map(place))
                .compose(place -> vertx.executeBlocking(() -> archived(place, id, at), false));
        last = made;
        return made;
    }

    private Path cleared() throws IOException {
        Path place = folder.folder(FOLDER);
        try (Stream<Path> old = Files.list(place)) {
            for (Path file : old.toList()) {
                Files.deleteIfExists(file);
            }
        }
        return place;
    }

    private StoreCommands.Made archived(Path place, String id, Instant at) throws IOException {
        Path zip = place.resolve(id);
        Path h2 = place.resolve(id + DATABASE);
        BackupArchive.write(folder, h2, zip, at);
        Files.delete(h2);
        return new StoreCommands.Made(id, at, Files.size(zip));
    }

    private Future<StoreCommands.Piece> read(StoreCommands.ReadBackup command) {
        return vertx.executeBlocking(() -> piece(command), false);
    }

    private StoreCommands.Piece piece(StoreCommands.ReadBackup command) throws IOException {
        Path zip = folder.file(FOLDER + "/" + UUID.fromString(command.id()));
        try (FileChannel channel = FileChannel.open(zip)) {
            ByteBuffer bytes = ByteBuffer.allocate(PIECE);
            while (bytes.hasRemaining() && channel.read(bytes, command.from() + bytes.position()) >= 0) {
                // Reads on until the piece is full or the file ends.
            }
            if (bytes.position() == 0) {
                Files.deleteIfExists(zip);
            }
            return new StoreCommands.Piece(Arrays.copyOf(bytes.array(), bytes.position()));
        } catch (NoSuchFileException e) {
            throw new FairleadException(
                    ErrorCode.NOT_FOUND, "This backup was discarded, for another was asked for; ask again");
        }
    }
}
