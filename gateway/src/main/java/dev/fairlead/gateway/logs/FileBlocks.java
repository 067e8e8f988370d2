package dev.fairlead.gateway.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Takes blocks out of the front of files with {@code fallocate(1)} of util-linux, since Java has no call for it. What
 * the file system can do is tried once. May be used from any thread; blocks on the disk and on a child process.
 */
final class FileBlocks {
    private static final int PROBE_BLOCKS = 3;
    private static final int PATIENCE_SECONDS = 60;

    /** What the file system is able to do. */
    private enum Ability {
        COLLAPSE,
        PUNCH,
        NONE
    }

    private final Optional<Path> tool;
    private Optional<Ability> ability = Optional.empty();

    FileBlocks() {
        this.tool = Arrays.stream(Optional.ofNullable(System.getenv("PATH"))
                        .orElse("/usr/bin:/bin")
                        .split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "fallocate"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether logs can be rotated while they are written to, as far as that is known yet. */
    synchronized Optional<String> problem() {
        if (tool.isEmpty()) {
            return Optional.of("logs are not rotated: install 'fallocate' (util-linux)");
        }
        return ability.filter(known -> known == Ability.NONE)
                .map(none -> "logs are not rotated: the file system of the data folder can free no part of a file");
    }

    /** Bytes of a block of the file system that holds {@code folder}. */
    long size(Path folder) throws IOException {
        return Math.max(4096, Files.getFileStore(folder).getBlockSize());
    }

    /** Whether blocks can be taken out of files in {@code folder}, by one way or the other. */
    synchronized boolean supported(Path folder) throws IOException {
        if (tool.isEmpty()) {
            return false;
        }
        if (ability.isEmpty()) {
            ability = Optional.of(probe(folder));
        }
        return ability.get() != Ability.NONE;
    }

    synchronized boolean canCollapse() {
        return ability.filter(known -> known == Ability.COLLAPSE).isPresent();
    }

    /** Takes out the first bytes; what follows moves to the front. */
    void collapse(Path file, long bytes) throws IOException {
        if (!run("--collapse-range", file, 0, bytes)) {
            throw new IOException("fallocate could not shorten " + file);
        }
    }

    /** Frees a range; it reads as zeros from then on. */
    void punch(Path file, long offset, long bytes) throws IOException {
        if (!run("--punch-hole", file, offset, bytes)) {
            throw new IOException("fallocate could not free a part of " + file);
        }
    }

    private Ability probe(Path folder) throws IOException {
        long block = size(folder);
        Path file = Files.createTempFile(folder, ".probe-", "");
        try {
            Files.write(file, new byte[(int) (PROBE_BLOCKS * block)]);
            if (run("--collapse-range", file, 0, block) && Files.size(file) == (PROBE_BLOCKS - 1) * block) {
                return Ability.COLLAPSE;
            }
            return run("--punch-hole", file, 0, block) ? Ability.PUNCH : Ability.NONE;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private boolean run(String what, Path file, long offset, long bytes) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool.orElseThrow().toString(), what));
        command.addAll(List.of("--offset", Long.toString(offset), "--length", Long.toString(bytes), file.toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("fallocate does not end");
            }
            return process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        }
    }
}
