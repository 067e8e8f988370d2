package dev.fairlead.gateway.instances;

import dev.fairlead.gateway.store.DataFolder;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The files that programs write their output to. The gateway adds a line where a start begins, and ends the last line
 * of a program that did not: it is whole when its process is over. Blocks on the disk.
 */
final class InstanceLog {
    private static final String CURRENT = "current.log";
    private static final String PIPE = ".output";
    /** The line that a run begins with, as a regular expression. */
    static final String BEGINS = "^--- started \\S+ ---$";

    private static final String START = "--- started ";
    private static final int PATIENCE_SECONDS = 30;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final DateTimeFormatter MILLIS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final DataFolder folder;

    InstanceLog(DataFolder folder) {
        this.folder = folder;
    }

    /** The file to append to; made where it is missing, for the owner alone. */
    File file(String name) throws IOException {
        folder.folder("logs");
        folder.folder("logs/" + name);
        Path file = current(name);
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
        return file.toFile();
    }

    /** Opens the file to append to; made where it is missing. */
    FileChannel append(String name) throws IOException {
        try {
            return open(name, StandardOpenOption.APPEND);
        } catch (NoSuchFileException gone) {
            return FileChannel.open(file(name).toPath(), Set.of(StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** The named pipe beside the file, where the gateway writes to that itself. */
    Path pipe(String name) {
        return folder.file("logs/" + name + "/" + PIPE);
    }

    /**
     * Makes that pipe anew, for the owner alone: what has another one open writes to none that comes later.
     *
     * @param mkfifo the program, since Java has no call for it
     */
    void makePipe(String name, Path mkfifo) throws IOException {
        Path pipe = pipe(name);
        Files.deleteIfExists(pipe);
        Process making = new ProcessBuilder(mkfifo.toString(), "-m", "600", pipe.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!making.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || making.exitValue() != 0) {
                making.destroyForcibly();
                throw new IOException("mkfifo could not make " + pipe);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }

    /** Whether no line is unfinished in it. */
    boolean endsWithLine(String name) throws IOException {
        try (FileChannel file = open(name, StandardOpenOption.READ)) {
            return endsWithLine(file);
        } catch (NoSuchFileException none) {
            return true;
        }
    }

    /** What follows is of a new process. */
    void begin(String name, Instant at) throws IOException {
        append(name, START + MILLIS.format(at) + " ---\n");
    }

    /** Whether that line says that what follows is of a new process. */
    static boolean isStart(String line) {
        return line.startsWith(START) && line.endsWith(" ---");
    }

    /** No process came of the start that was marked last. */
    void failed(String name, String reason) throws IOException {
        append(name, "--- not started: " + reason.replaceAll("\\p{Cntrl}", " ") + " ---\n");
    }

    /** The process is over, and so is its last line. */
    void end(String name) throws IOException {
        append(name, "");
    }

    /** On the disk, rotated files included; 0 where there is none. */
    long bytes(String name) {
        File[] files = folder.file("logs/" + name).toFile().listFiles(File::isFile);
        return files == null ? 0 : Arrays.stream(files).mapToLong(File::length).sum();
    }

    List<String> lastLines(String name) {
        return LastLines.of(current(name));
    }

    /** Removes all of it. */
    void forget(String name) throws IOException {
        Path log = folder.file("logs/" + name);
        if (!Files.isDirectory(log, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (var files = Files.newDirectoryStream(log)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(log);
    }

    /** Appends whole lines, after the end of what stands there. */
    private void append(String name, String lines) throws IOException {
        try (FileChannel read = open(name, StandardOpenOption.READ);
                FileChannel write = open(name, StandardOpenOption.APPEND)) {
            byte[] bytes = ((endsWithLine(read) ? "" : "\n") + lines).getBytes(StandardCharsets.UTF_8);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                write.write(rest);
            }
        } catch (NoSuchFileException gone) {
            // Nothing was written, or somebody took it away: there is no line to end.
        }
    }

    private FileChannel open(String name, StandardOpenOption how) throws IOException {
        return FileChannel.open(current(name), Set.of(how, LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean endsWithLine(FileChannel file) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return file.size() == 0 || file.read(last, file.size() - 1) != 1 || last.get(0) == '\n';
    }

    private Path current(String name) {
        return folder.file("logs/" + name + "/" + CURRENT);
    }
}
