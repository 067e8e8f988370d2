package dev.fairlead.gateway.store;

import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/** An embedded database whose file is damaged, and what can be done about it. */
final class Damage {
    /** H2's codes for a file whose content is not what was written: an inner fault, a corrupt page, a missing chunk. */
    private static final Set<Integer> DAMAGES =
            Set.of(DataUtils.ERROR_INTERNAL, DataUtils.ERROR_FILE_CORRUPT, DataUtils.ERROR_CHUNK_NOT_FOUND);

    private Damage() {}

    /** What is wrong with a file that is not open; it is read only, and only as far as to know what is in it. */
    static Optional<String> of(Path file) {
        try (MVStore store =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            return store.getMapNames().isEmpty() ? Optional.of("no table is found in it") : Optional.empty();
        } catch (MVStoreException e) {
            return DAMAGES.contains(e.getErrorCode()) ? Optional.of(innermost(e)) : Optional.empty();
        }
    }

    /** Whether that is what a failure tells of. */
    static boolean is(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if ((cause instanceof MVStoreException file && DAMAGES.contains(file.getErrorCode()))
                    || (cause instanceof SQLException sql && sql.getErrorCode() == ErrorCode.FILE_CORRUPTED_1)) {
                return true;
            }
        }
        return false;
    }

    /** What a start that met it says. */
    static String refusal(String database, DataFolder folder, Throwable failure) {
        return "The database " + database + " is damaged (" + innermost(failure) + "). " + remedy(folder);
    }

    private static String innermost(Throwable failure) {
        Throwable bottom = failure;
        while (bottom.getCause() != null) {
            bottom = bottom.getCause();
        }
        return String.valueOf(bottom.getMessage()).lines().findFirst().orElse("no reason given");
    }

    /** The ways back, with commands as they can be pasted. */
    static String remedy(DataFolder folder) {
        return "Bring back a backup: 'fairlead restore FILE --data-dir " + folder.root()
                + "'. Without one, H2's own tool"
                + " reads what can be read of the database into a script beside it: 'java -cp " + jar()
                + " org.h2.tools.Recover -dir " + folder.root()
                + " -db fairlead'; gateway/docs/recovery.md has the rest.";
    }

    /** What this program runs from, which has H2 in it. */
    private static String jar() {
        return Optional.ofNullable(Damage.class.getProtectionDomain().getCodeSource())
                .map(CodeSource::getLocation)
                .map(URL::getPath)
                .filter(path -> path.endsWith(".jar"))
                .orElse("fairlead.jar");
    }
}
