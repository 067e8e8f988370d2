package dev.fairlead.gateway.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The jar's loaded classes in an archive beside it, made as the shipped launcher makes its own: whoever starts the jar
 * some hundred times does not load them anew each time.
 */
final class ClassArchive {
    private static final long PATIENCE_MINUTES = 3;

    private ClassArchive() {}

    /** Options of a JVM that runs the jar with its archive, which the first caller of a build waits for. */
    static synchronized List<String> of(Path jar) {
        Path archive = jar.resolveSibling("fairlead.tests.jsa");
        try (FileChannel channel = FileChannel.open(
                        jar.resolveSibling("fairlead.tests.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assert lock.isValid();
            if (!isNewer(archive, jar)) {
                make(jar, archive);
            }
        } catch (IOException e) {
            throw new AssertionError("There is no archive of the classes of " + jar, e);
        }
        // An archive that does not fit what a test asks of its JVM is left aside without a word.
        return List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:disable", "-Xlog:all=error:stderr", "-Xshare:auto");
    }

    private static boolean isNewer(Path archive, Path jar) throws IOException {
        return Files.exists(archive)
                && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    private static void make(Path jar, Path archive) throws IOException {
        Path work = Files.createTempDirectory("class-archive");
        Path classes = work.resolve("classes");
        Path made = work.resolve("archive");
        run(
                work,
                "-XX:DumpLoadedClassList=" + classes,
                jar,
                "serve",
                "--rehearse",
                work.resolve("data").toString());
        run(work, "-XX:SharedClassListFile=" + classes + " -Xshare:dump -XX:SharedArchiveFile=" + made, jar);
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void run(Path work, String options, Path jar, String... command) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(options.split(" ")));
        line.addAll(List.of("-XX:+UseSerialGC", "-Xlog:disable", "-jar", jar.toString()));
        line.addAll(List.of(command));
        Path said = work.resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("FAIRLEAD_"));
        Process process = builder.start();
        try {
            if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IOException(line + " said " + Files.readString(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
