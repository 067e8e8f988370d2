package dev.fairlead.gateway.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The folder that holds everything the gateway keeps: database, keys, logs.
 *
 * <p>Folders are 0700 and files 0600 whatever the umask, and no symbolic link inside is followed: what lies here signs
 * tokens and decides what runs. Stateless and safe for use by several threads; all methods block on the disk.
 */
public final class DataFolder {
    static final Set<PosixFilePermission> OWNER_ONLY_FILE = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER = PosixFilePermissions.fromString("rwx------");

    /** More than any secret needs; keeps a wrong file from being read into memory whole. */
    private static final long MAX_SECRET_BYTES = 64 * 1024;

    private final Path root;

    private DataFolder(Path root) {
        this.root = root;
    }

    /**
     * Opens the folder, made where it is missing. Takes no lock, see {@link #lock()}.
     *
     * @throws IOException if it is a link, is not a folder, belongs to another user or can be written by others; the
     *     message says what mends it
     */
    public static DataFolder open(Path root) throws IOException {
        Path absolute = root.toAbsolutePath().normalize();
        try {
            return opened(absolute);
        } catch (FileSystemException e) {
            throw refusal(absolute, e);
        }
    }

    private static DataFolder opened(Path absolute) throws IOException {
        if (Files.isSymbolicLink(absolute)) {
            throw new IOException("The data folder " + absolute + " is a symbolic link. Set data_dir to the real path, "
                    + absolute.toRealPath() + ", instead.");
        }
        if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            makeFolder(absolute);
        }
        checkOwnership(absolute);
        Files.setPosixFilePermissions(absolute, OWNER_ONLY_FOLDER);
        return new DataFolder(absolute);
    }

    public Path root() {
        return root;
    }

    /**
     * The path of a file in this folder; it need not exist.
     *
     * @param name relative, its parts joined by {@code /}
     * @throws IllegalArgumentException if the name leaves the folder or one of its parts is a symbolic link
     */
    public Path file(String name) {
        Path path = root.resolve(name).normalize();
        if (name.isBlank() || !path.startsWith(root) || path.equals(root)) {
            throw new IllegalArgumentException("'" + name + "' is not a name inside the data folder " + root);
        }
        for (Path part = path; !part.equals(root); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new IllegalArgumentException(
                        part + " is a symbolic link. Links are not followed in the data folder: replace it by the"
                                + " file or folder itself.");
            }
        }
        return path;
    }

    /**
     * A folder in this folder, made 0700 where it is missing.
     *
     * @throws IllegalArgumentException as {@link #file(String)}
     */
    public Path folder(String name) throws IOException {
        Path path = file(name);
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            // Moved or deleted under a gateway that runs: an empty one in its place would hide that.
            throw new NoSuchFileException(root.toString(), null, "the data folder is gone; put it back");
        }
        makeFolder(path);
        Files.setPosixFilePermissions(path, OWNER_ONLY_FOLDER);
        return path;
    }

    /** Replaces a file's content at once and for good: a crash leaves the old content or the new one, never a part. */
    public void writeSecret(String name, byte[] bytes) throws IOException {
        Path target = file(name);
        Path folder = target.getParent();
        Path draft = Files.createTempFile(
                folder,
                "." + target.getFileName() + "-",
                ".new",
                PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE));
        try {
            Files.setPosixFilePermissions(draft, OWNER_ONLY_FILE);
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(bytes);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel entry = FileChannel.open(folder, StandardOpenOption.READ)) {
            // The name, too, must survive a power cut.
            entry.force(true);
        }
    }

    /** A file's content, empty where there is none; its mode is brought back to 0600. */
    public Optional<byte[]> readSecret(String name) throws IOException {
        Path path = file(name);
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (channel.size() > MAX_SECRET_BYTES) {
                throw new IOException(path + " is larger than " + MAX_SECRET_BYTES + " bytes; it is not one of the"
                        + " gateway's secrets. Move it out of the data folder.");
            }
            Files.setPosixFilePermissions(path, OWNER_ONLY_FILE);
            ByteBuffer content = ByteBuffer.allocate((int) channel.size());
            while (content.hasRemaining() && channel.read(content) >= 0) {
                // Reads on until the file ends.
            }
            return Optional.of(content.array());
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /**
     * Takes the folder for this process until the lock is closed or the process ends, however it ends.
     *
     * @throws IOException if another gateway has it; the message names its process id
     */
    public FolderLock lock() throws IOException {
        return FolderLock.take(this);
    }

    /** Makes sure an empty file is there with mode 0600, for writers that would create it under the umask. */
    void prepareFile(String name) throws IOException {
        Path path = file(name);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE));
        }
        Files.setPosixFilePermissions(path, OWNER_ONLY_FILE);
    }

    /** A command that whoever may can type as it stands. */
    private static String mending(Path folder, String user) {
        return Files.isDirectory(folder)
                ? "Let " + user + " write there (chown " + user + " " + quoted(folder) + ")"
                : "Make it for " + user + " (install -d -m 700 -o " + user + " " + quoted(folder) + ")";
    }

    private static String quoted(Path folder) {
        String path = folder.toString();
        return path.matches("[\\w./@%+=:,-]+") ? path : "'" + path.replace("'", "'\\''") + "'";
    }

    /** What the system says of a path is a word or none at all; this says what it means for the data folder. */
    private static IOException refusal(Path folder, FileSystemException failure) {
        Path at = failure.getFile() == null ? folder : Path.of(failure.getFile());
        String user = System.getProperty("user.name");
        String other = "or choose another folder with --data-dir (data_dir).";
        if (failure instanceof AccessDeniedException) {
            // A file that is made to try out a folder is denied where the folder is.
            Path denied = at.startsWith(folder) ? folder : at;
            return new IOException(
                    "The data folder " + folder + " cannot be " + (Files.isDirectory(folder) ? "written" : "made")
                            + ": permission denied for the user " + user + " at " + denied + ". "
                            + mending(folder, user)
                            + ", " + other,
                    failure);
        }
        if (failure instanceof NotDirectoryException || failure instanceof FileAlreadyExistsException) {
            return new IOException(
                    "The data folder " + folder + " cannot be made: " + at + " is not a folder. Move it away, " + other,
                    failure);
        }
        if (failure instanceof NoSuchFileException) {
            return new IOException(
                    "The data folder " + folder + " cannot be made: the file system of " + at
                            + " takes no folder there." + " Mend that, " + other,
                    failure);
        }
        String why = failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
        return new IOException(
                "The data folder " + folder + " cannot be used: " + why + " (" + at + "). Mend that, " + other,
                failure);
    }

    private static void makeFolder(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(path.toString());
        }
        // Parents as well: a data folder is reachable for its owner alone.
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
        Files.setPosixFilePermissions(path, OWNER_ONLY_FOLDER);
    }

    private static void checkOwnership(Path path) throws IOException {
        PosixFileAttributes folder = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!folder.isDirectory()) {
            throw new NotDirectoryException(path.toString());
        }
        if (folder.permissions().contains(PosixFilePermission.GROUP_WRITE)
                || folder.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException("The data folder " + path + " can be written by others ("
                    + PosixFilePermissions.toString(folder.permissions())
                    + "), so its content cannot be trusted. Check what lies in it, then: chmod 700 " + path);
        }
        // A file we make is ours: comparing owners needs no assumption on what user names look like.
        Path probe = Files.createTempFile(path, ".owner-", ".probe");
        try {
            if (!Files.getOwner(probe).equals(folder.owner())) {
                throw new IOException("The data folder " + path + " belongs to " + folder.owner() + ", not to "
                        + Files.getOwner(probe) + " who runs the gateway. Run it as " + folder.owner()
                        + ", hand the folder over with chown, or choose another data_dir.");
            }
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
