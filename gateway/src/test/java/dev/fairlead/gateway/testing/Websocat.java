package dev.fairlead.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The program many try a gateway with first: a line in is a frame out, a frame in is a line out. */
public final class Websocat implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

    private Websocat(Process process) {
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        read(process.inputReader(StandardCharsets.UTF_8), lines::add);
        read(process.errorReader(StandardCharsets.UTF_8), complaints::add);
    }

    /** Starts one, or skips the test where there is none. */
    public static Websocat connect(URI uri, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Tools.require("websocat", "cargo install websocat --locked").toString());
        command.add("--exit-on-eof"); // it would wait for its input to end as well
        command.addAll(Arrays.asList(options));
        command.add(uri.toString());
        try {
            return new Websocat(new ProcessBuilder(command).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types a line. */
    public Websocat type(String line) {
        try {
            input.write(line + "\n");
            input.flush();
            return this;
        } catch (IOException e) {
            throw new AssertionError("websocat is gone: " + complaints, e);
        }
    }

    /** The next frame it prints. */
    public JsonNode next() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("No frame within " + PATIENCE_SECONDS + " s; it says: " + complaints);
            }
            return FrameCodec.tree(line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    public boolean isConnected() {
        return process.isAlive();
    }

    /** What it says on its error stream. */
    public String complaints() {
        return String.join("\n", complaints);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    @FunctionalInterface
    private interface Line {
        void heard(String line);
    }

    private static void read(BufferedReader from, Line to) {
        Thread reader = new Thread(
                () -> {
                    try (from) {
                        for (String line = from.readLine(); line != null; line = from.readLine()) {
                            to.heard(line);
                        }
                    } catch (IOException e) {
                        to.heard(String.valueOf(e.getMessage())); // the process was ended
                    }
                },
                "websocat-output");
        reader.setDaemon(true);
        reader.start();
    }
}
