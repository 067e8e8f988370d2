package dev.fairlead.gateway.prove;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/**
 * What was seen, in the order in which it was: a line of JSON each in a file, so that a run of hours needs no memory
 * and a broken promise can be looked into. Safe for use by several threads.
 */
final class History implements AutoCloseable {
    private final Path file;
    private final TimeSource time;
    private final long began;
    private final BufferedWriter writer;

    private volatile long lastServed = -1;

    private History(Path file, TimeSource time) throws IOException {
        this.file = file;
        this.time = time;
        this.began = time.nanos();
        this.writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW);
    }

    /** A new one in that file, which begins now. */
    static History begin(Path file, TimeSource time) throws IOException {
        return new History(file, time);
    }

    /** Milliseconds since it began. */
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(time.nanos() - began);
    }

    /** When the gateway served last; -1 before it first did. */
    long lastServed() {
        return lastServed;
    }

    synchronized void add(HistoryEvent event) {
        if (event instanceof HistoryEvent.Served served) {
            lastServed = served.at();
        }
        try {
            writer.write(FrameCodec.text(event));
            writer.newLine();
        } catch (IOException e) {
            throw new UncheckedIOException("The history cannot be written: " + file, e);
        }
    }

    /** Shows a checker all of it. */
    synchronized void tell(HistoryChecker checker) throws IOException {
        writer.flush();
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                checker.see(FrameCodec.decode(line.getBytes(StandardCharsets.UTF_8), HistoryEvent.class));
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }
}
