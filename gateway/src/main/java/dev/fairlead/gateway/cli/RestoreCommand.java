package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.BackupArchive;
import dev.fairlead.gateway.store.DataFolder;
import dev.fairlead.gateway.store.FolderLock;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code restore}: a backup brought back into the folder of a gateway that does not run. */
@Command(
        name = "restore",
        description = {
            "Brings a backup back into the data folder. The gateway must be stopped; takes the options of serve.",
            "The database that is there is moved aside, not deleted."
        })
final class RestoreCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "FILE", description = "What 'fairlead backup' made.")
    private Path file;

    @Mixin
    private SettingsOptions options;

    @Mixin
    private OutputOption output;

    RestoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Settings settings = options.load().settings();
        if (settings.db().url().isPresent()) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "The database is a server's (db.url); bring it back with that server's tools, as pg_restore");
        }
        try {
            DataFolder folder = DataFolder.open(settings.dataDir());
            FolderLock lock = folder.lock();
            try {
                tell(
                        folder,
                        BackupArchive.restore(folder, file, TimeSource.system().instant()));
            } finally {
                lock.close();
            }
            return ExitStatus.OK.code();
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandFailure(ExitStatus.FAILED, "Not restored: " + e.getMessage());
        }
    }

    private void tell(DataFolder folder, BackupArchive.Restored restored) {
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("data_dir", folder.root().toString())
                .put("made_at", restored.madeAt().toString())
                .put("files", restored.files());
        restored.replaced().ifPresent(aside -> answer.put("replaced", aside.toString()));
        output.write(answer, () -> {
            console.err()
                    .println("Restored " + folder.root() + " as it was at " + restored.madeAt() + " ("
                            + restored.files() + " files). What was stored after that is not in it.");
            restored.replaced().ifPresent(aside -> console.err()
                    .println("The database that was there is now " + aside + "; delete it once all is well."));
        });
    }
}
