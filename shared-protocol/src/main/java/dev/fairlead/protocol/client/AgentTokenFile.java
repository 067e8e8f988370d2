package dev.fairlead.protocol.client;

import dev.fairlead.protocol.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Where an agent keeps its permanent token: {@code <root>/<name>/token}, the folder for its owner alone (0700), the
 * file as well (0600), whatever the umask; replaced as a whole or not at all. All methods block.
 */
public final class AgentTokenFile {
    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final int MAX_BYTES = 16 * 1024;

    private final Path file;

    /**
     * Of one agent.
     *
     * @throws dev.fairlead.protocol.FairleadException {@code bad_request}, where the name is no agent's name
     */
    public AgentTokenFile(Path root, String agentName) {
        this.file = root.resolve(Names.require("Agent name", agentName)).resolve("token");
    }

    /**
     * {@code ~/.fairlead/agents}.
     *
     * @throws IllegalStateException where the user has no home folder
     */
    public static Path defaultRoot() {
        return UserHome.ofThisProcess().resolve(".fairlead").resolve("agents");
    }

    public Path path() {
        return file;
    }

    /**
     * The token that is kept, if any.
     *
     * @throws IOException where there is a file that cannot be read, or something that is no file
     */
    public Optional<String> read() throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is not a token file; move it away");
        }
        String token = Files.readString(file, StandardCharsets.UTF_8).strip();
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    /** Keeps a token in place of the one before; on disk when this returns. */
    public void write(String token) throws IOException {
        Path folder = file.getParent();
        createFolder(folder);
        if (POSIX) {
            Files.setPosixFilePermissions(folder, OWNER_ONLY_FOLDER);
        }
        Path fresh = Files.createTempFile(folder, ".token", "", attributes(OWNER_ONLY_FILE));
        try {
            if (POSIX) { // the umask may have taken bits away
                Files.setPosixFilePermissions(fresh, OWNER_ONLY_FILE);
            }
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(token + "\n");
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Creates what is missing, each for its owner alone; what is there keeps its mode. */
    private static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            throw new NoSuchFileException(folder.toString());
        }
        createFolder(parent);
        try {
            Files.createDirectory(folder, attributes(OWNER_ONLY_FOLDER));
            if (POSIX) {
                Files.setPosixFilePermissions(folder, OWNER_ONLY_FOLDER);
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) { // not another agent's start that was quicker
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] attributes(Set<PosixFilePermission> permissions) {
        return POSIX
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return "AgentTokenFile[" + file + "]";
    }
}
