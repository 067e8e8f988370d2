package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fairlead.gateway.store.BackupArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code backup}: all a gateway keeps, fetched while it works. */
@Command(
        name = "backup",
        description = {
            "Fetches a backup of a gateway that runs: its database, keys and passwords, in one file for its owner alone.",
            "Instances' logs and folders are not in it. A database of a server's (db.url) is backed up with its own tools."
        })
final class BackupCommand extends GatewayCommand {
    @Parameters(paramLabel = "FILE", description = "Where it goes; must not exist yet.")
    private Path file;

    BackupCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        if (Files.exists(file)) {
            throw new CommandFailure(ExitStatus.USAGE, file + " exists; name a new file");
        }
        Path draft = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            calls.download("/api/admin/backup", draft);
            Instant madeAt = BackupArchive.check(draft);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            tell(
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("file", file.toString())
                            .put("made_at", madeAt.toString())
                            .put("bytes", Files.size(file)),
                    "Backed up as of " + madeAt + ": " + file + " (" + Files.size(file) + " bytes). It holds keys and"
                            + " passwords; 'fairlead restore' brings it back.");
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.FAILED, "No backup was made: " + e.getMessage());
        } finally {
            remove(draft);
        }
    }

    private static void remove(Path draft) {
        try {
            Files.deleteIfExists(draft);
        } catch (IOException e) {
            // Its name says what it is.
        }
    }
}
