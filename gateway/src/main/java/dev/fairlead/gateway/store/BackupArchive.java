package dev.fairlead.gateway.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A backup of a data folder: a zip file with the database, the keys and passwords, and a manifest that is written last,
 * so that one that was cut off is known. Blocks on the disk.
 */
public final class BackupArchive {
    private static final String MANIFEST = "fairlead-backup";

    /** What is not in it: what belongs to a process or to an instance, and what is written anew. */
    private static final Set<String> LEFT_OUT =
            Set.of("logs", "instances", StoreVerticle.FOLDER, FolderLock.NAME, StoreMark.NAME);

    private static final String DATABASE = DatabaseUrl.FILE_NAME;

    /**
     * What a restore did.
     *
     * @param madeAt of the backup
     * @param replaced where the database that was there is now
     */
    public record Restored(Instant madeAt, int files, Optional<Path> replaced) {}

    private BackupArchive() {}

    /**
     * Puts a backup together.
     *
     * @param database the zip file that H2 made of it
     * @param target is made, for its owner alone
     */
    static void write(DataFolder folder, Path database, Path target, Instant madeAt) throws IOException {
        Files.createFile(target, PosixFilePermissions.asFileAttribute(DataFolder.OWNER_ONLY_FILE));
        try (OutputStream file = Files.newOutputStream(target, StandardOpenOption.WRITE);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            try (ZipInputStream from = new ZipInputStream(Files.newInputStream(database))) {
                from.getNextEntry();
                zip.putNextEntry(new ZipEntry(DATABASE));
                from.transferTo(zip);
            }
            for (String name : kept(folder)) {
                zip.putNextEntry(new ZipEntry(name));
                Files.copy(folder.file(name), zip);
            }
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(madeAt.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Relative names of the files that are kept besides the database. */
    private static List<String> kept(DataFolder folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder.root())) {
            for (Path top : all.filter(path -> !isLeftOut(path)).sorted().toList()) {
                try (Stream<Path> files = Files.walk(top)) {
                    files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                            .map(path -> folder.root().relativize(path).toString())
                            .forEach(names::add);
                }
            }
        }
        return names;
    }

    private static boolean isLeftOut(Path path) {
        String name = path.getFileName().toString();
        return LEFT_OUT.contains(name) || name.startsWith(DATABASE) || name.startsWith(".") || name.endsWith(".db");
    }

    /**
     * When a backup was made.
     *
     * @throws IOException if the file is no backup, or not a whole one; the message says so
     */
    public static Instant check(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            ZipEntry manifest = zip.getEntry(MANIFEST);
            if (manifest == null || zip.getEntry(DATABASE) == null) {
                throw new IOException(archive + " is not a backup of Fairlead");
            }
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                try (InputStream in = zip.getInputStream(entries.nextElement())) {
                    in.transferTo(OutputStream.nullOutputStream()); // its checksum is compared on the way
                }
            }
            try (InputStream in = zip.getInputStream(manifest)) {
                return Instant.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (ZipException e) {
            throw new IOException(archive + " is not a whole backup of Fairlead: " + e.getMessage(), e);
        }
    }

    /**
     * Brings a backup back into a folder that no gateway uses. The database that is there is moved aside, not deleted.
     *
     * @throws IOException if the file is no whole backup, before anything is changed, or if the folder cannot be
     *     written
     */
    public static Restored restore(DataFolder folder, Path archive, Instant now) throws IOException {
        Instant madeAt = check(archive);
        Path database = folder.file(DATABASE);
        Optional<Path> replaced = Optional.empty();
        if (Files.exists(database)) {
            Path aside = folder.file(DATABASE + ".replaced-"
                    + now.truncatedTo(ChronoUnit.SECONDS).toString().replace(":", ""));
            Files.move(database, aside, StandardCopyOption.ATOMIC_MOVE);
            replaced = Optional.of(aside);
        }
        int files = 0;
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.getName().equals(MANIFEST)) {
                    put(folder, zip, entry);
                    files++;
                }
            }
        }
        Files.deleteIfExists(folder.file(StoreMark.NAME)); // of the database that was moved aside
        return new Restored(madeAt, files, replaced);
    }

    private static void put(DataFolder folder, ZipFile zip, ZipEntry entry) throws IOException {
        Path target = folder.file(entry.getName()); // refuses what leads out of the folder
        if (!target.getParent().equals(folder.root())) {
            folder.folder(folder.root().relativize(target.getParent()).toString());
        }
        folder.prepareFile(entry.getName());
        try (InputStream in = zip.getInputStream(entry);
                OutputStream out =
                        Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            in.transferTo(out);
        }
    }
}
