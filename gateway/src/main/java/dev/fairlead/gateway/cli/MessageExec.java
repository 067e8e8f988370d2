package dev.fairlead.gateway.cli;

import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Has a shell command handle messages, a bounded number at a time: each gets one message's JSON on its stdin, and by
 * ending with 0 says that it is done with it.
 */
final class MessageExec implements AutoCloseable {
    /** Longer than any command that does one thing; its lease is prolonged all the while. */
    private static final long MAX_HOURS = 24;

    private final String command;
    private final PrintStream out;
    private final PrintStream err;
    private final WorkerExecutor workers;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();

    MessageExec(Vertx vertx, String command, int concurrency, Console console) {
        this.command = command;
        this.out = console.out();
        this.err = console.err();
        this.workers = vertx.createSharedWorkerExecutor("message-exec", concurrency, MAX_HOURS, TimeUnit.HOURS);
    }

    Future<Void> handle(ReceivedMessage message) {
        return workers.executeBlocking(
                () -> {
                    run(message);
                    return null;
                },
                false);
    }

    private void run(ReceivedMessage message) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", command).start();
        running.add(process);
        try {
            Thread output = new Thread(() -> copy(process, out), "message-exec-output");
            output.start();
            try (OutputStream stdin = process.getOutputStream()) {
                stdin.write(json(message));
                stdin.write('\n');
            } catch (IOException e) {
                // It does not read its stdin; what counts is how it ends.
            }
            String lastLine = lastErrorLine(process);
            output.join();
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException("exit status " + status + (lastLine.isEmpty() ? "" : ": " + lastLine));
            }
        } finally {
            running.remove(process);
        }
    }

    static byte[] json(ReceivedMessage message) {
        return FrameCodec.encode(message);
    }

    private static void copy(Process process, PrintStream to) {
        process.inputReader(StandardCharsets.UTF_8).lines().forEach(to::println);
    }

    private String lastErrorLine(Process process) throws IOException {
        String last = "";
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                err.println(line);
                last = line.isBlank() ? last : line;
            }
        }
        return last;
    }

    /** Ends what still runs: its messages are delivered again, to whoever comes next. */
    @Override
    public void close() {
        running.forEach(Process::destroy);
    }
}
