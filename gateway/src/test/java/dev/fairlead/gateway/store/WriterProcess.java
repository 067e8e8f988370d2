package dev.fairlead.gateway.store;

import dev.fairlead.gateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process of its own that writes pairs of rows as fast as it may and prints each pair's id once it is acknowledged.
 * It holds the data folder and runs until it is killed.
 */
public final class WriterProcess implements AutoCloseable {
    /** Pairs underway at once. */
    private static final int SENDERS = 64;

    private final Process process;

    private final BufferedReader output;

    private WriterProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts one under the most generous umask; its first line says that it is ready. */
    static WriterProcess start(Path folder, long firstId) throws IOException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                "/bin/sh",
                "-c",
                "umask 000; exec \"$@\"",
                "sh",
                java,
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                WriterProcess.class.getName(),
                folder.toString(),
                Long.toString(firstId));
        builder.environment().put("CLASSPATH", classes + File.pathSeparator);
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        WriterProcess started = new WriterProcess(builder.start());
        String ready = started.output.readLine();
        if (!"ready".equals(ready)) {
            throw new IOException("The writing process does not start: " + ready);
        }
        return started;
    }

    long pid() {
        return process.pid();
    }

    /** The next acknowledged pair; empty once the process has ended. */
    Optional<Long> acknowledged() {
        try {
            return Optional.ofNullable(output.readLine()).map(Long::valueOf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        // Through the handle: Process.destroyForcibly would close the output that is still to be read.
        process.toHandle().destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    public static void main(String[] args) throws Exception {
        DataFolder folder = DataFolder.open(Path.of(args[0]));
        FolderLock lock = folder.lock();
        Vertx vertx = Vertx.vertx();
        Database database = Database.open(
                        vertx, new Settings.Db(Optional.empty(), Optional.empty(), Optional.empty(), 2), folder)
                .await(30, TimeUnit.SECONDS);
        database.write(c -> c.update("CREATE TABLE IF NOT EXISTS pair (id BIGINT NOT NULL, text VARCHAR NOT NULL)"))
                .await(30, TimeUnit.SECONDS);
        AtomicLong next = new AtomicLong(Long.parseLong(args[1]));
        print("ready");
        vertx.runOnContext(turn -> {
            for (int i = 0; i < SENDERS; i++) {
                send(database, next);
            }
        });
        try {
            Thread.currentThread().join();
        } finally {
            Reference.reachabilityFence(lock);
        }
    }

    private static void send(Database database, AtomicLong next) {
        long id = next.getAndIncrement();
        Future<int[]> written = database.write(c -> c.batch(
                "INSERT INTO pair (id, text) VALUES (?, ?)",
                List.of(new Object[] {id, "x".repeat(200)}, new Object[] {id, "y".repeat(200)})));
        written.onComplete(done -> {
            if (done.succeeded()) {
                print(id);
            }
            send(database, next);
        });
    }

    private static void print(Object line) {
        System.out.print(line + "\n");
        System.out.flush();
    }
}
