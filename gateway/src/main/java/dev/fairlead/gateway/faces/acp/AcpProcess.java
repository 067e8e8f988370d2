package dev.fairlead.gateway.faces.acp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The program that speaks ACP, in a process group of its own: some outlive a closed stdin, and some start others. What
 * it writes on stderr goes where this process's own does.
 */
final class AcpProcess {
    private static final long GRACE_MS = 3_000;

    private final Process process;
    private final boolean ownGroup;
    private final LineReader reader;
    private final LineWriter writer;

    private AcpProcess(Process process, boolean ownGroup, Consumer<String> lines, Consumer<String> broken) {
        this.process = process;
        this.ownGroup = ownGroup;
        this.reader = new LineReader(process.getInputStream(), lines, broken);
        this.writer = new LineWriter(process.getOutputStream(), broken);
    }

    /**
     * Starts it.
     *
     * @param setsid the program that gives it a group of its own; without, only what it started itself is ended
     * @param lines what it writes, each without its end, on a thread of the process's own; {@link #handled} follows
     * @param broken why it cannot be spoken to any more
     * @throws IOException as the system refuses
     */
    static AcpProcess start(
            List<String> command,
            Map<String, String> environment,
            Optional<Path> setsid,
            Consumer<String> lines,
            Consumer<String> broken)
            throws IOException {
        List<String> all = new ArrayList<>();
        // A child of the JVM leads no group, so setsid replaces itself by the program and the pid stays.
        setsid.map(Path::toString).ifPresent(all::add);
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().putAll(environment);
        AcpProcess started = new AcpProcess(builder.start(), setsid.isPresent(), lines, broken);
        started.reader.start("acp-agent-output");
        started.writer.start("acp-agent-input");
        return started;
    }

    void write(byte[] line) {
        writer.write(line);
    }

    /** A line has been handled: another may come. */
    void handled() {
        reader.handled();
    }

    /** Its exit code, once it has ended. */
    CompletableFuture<Integer> exit() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Ends it and what it started: asked first, killed after three seconds. Blocks until it is gone. */
    void end() {
        List<ProcessHandle> started = process.descendants().toList();
        ProcessGroups.signal(process, ownGroup, "TERM");
        try {
            process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ProcessGroups.signal(process, ownGroup, "KILL");
        started.forEach(ProcessHandle::destroyForcibly);
    }
}
