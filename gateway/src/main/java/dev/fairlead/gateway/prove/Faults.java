package dev.fairlead.gateway.prove;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes faults, one at a time, and ends each before it returns. Confined to one thread. */
final class Faults {
    /** Connections that are more than the gateway may open files. */
    private static final int CONNECTIONS = 700;

    /** Bytes that a torn database file lacks at most. */
    private static final long MOST_TORN = 256L * 1024;

    /** How long a start on what is damaged may take to say so. */
    private static final Duration VERDICT = Duration.ofSeconds(15);

    private static final Duration POLL = Duration.ofMillis(100);

    private final ServedProcess gateway;
    private final ProvenFolder folder;
    private final Optional<SmallDisk> disk;
    private final Optional<DatabaseLink> link;
    private final History history;
    private final Supplier<List<String>> known;

    /** @param known messages that it has to know after a start, whatever was cut off its database */
    Faults(
            ServedProcess gateway,
            ProvenFolder folder,
            Optional<SmallDisk> disk,
            Optional<DatabaseLink> link,
            History history,
            Supplier<List<String>> known) {
        this.gateway = gateway;
        this.folder = folder;
        this.disk = disk;
        this.link = link;
        this.history = history;
        this.known = known;
    }

    /** Why a kind cannot be made here; empty where it can. */
    Optional<String> hindrance(FaultKind kind) {
        boolean ours = link.isEmpty();
        return switch (kind) {
            case KILLED, TERMINATED, FROZEN, MOVED, LOGS_REMOVED, DESCRIPTORS -> Optional.empty();
            case READ_ONLY ->
                ours && System.getProperty("user.name").equals("root")
                        ? Optional.of("root may write all the same")
                        : because(ours, "the database is a server's");
            case TORN -> because(ours, "the database is a server's");
            case DISK_FULL -> because(disk.isPresent(), "this account may not mount a disk");
            case DATABASE_CUT, DATABASE_SILENT -> because(!ours, "it takes --db-url");
        };
    }

    private static Optional<String> because(boolean possible, String why) {
        return possible ? Optional.empty() : Optional.of(why);
    }

    /** How long one of that kind lasts, by chance; zero for what has no length. */
    static Duration length(FaultKind kind, RandomGenerator random) {
        return switch (kind) {
            case KILLED, TERMINATED, LOGS_REMOVED, READ_ONLY, TORN -> Duration.ZERO;
            case FROZEN, DATABASE_CUT, DATABASE_SILENT -> Duration.ofMillis(random.nextLong(500, 5_000));
            case MOVED, DESCRIPTORS -> Duration.ofMillis(random.nextLong(500, 3_000));
            // The database goes on for a while in the space that it has in its file.
            case DISK_FULL -> Duration.ofMillis(random.nextLong(2_000, 6_000));
        };
    }

    /** Makes one, and ends it; gives whether the process was started again by that. */
    boolean make(FaultKind kind, Duration length, RandomGenerator random) throws IOException, InterruptedException {
        switch (kind) {
            case KILLED -> gateway.kill();
            case TERMINATED -> terminate();
            case FROZEN -> {
                gateway.signal("STOP");
                pause(length);
                gateway.signal("CONT");
            }
            case MOVED -> move(length);
            case LOGS_REMOVED -> removeLogs();
            case READ_ONLY -> startReadOnly();
            case TORN -> startTorn(random);
            case DESCRIPTORS -> connect(length);
            case DISK_FULL -> {
                disk.orElseThrow().fill();
                pause(length);
                disk.orElseThrow().empty();
            }
            case DATABASE_CUT -> {
                link.orElseThrow().cut();
                pause(length);
                link.orElseThrow().mend();
            }
            case DATABASE_SILENT -> {
                link.orElseThrow().silence();
                pause(length);
                link.orElseThrow().mend();
            }
        }
        if (gateway.runs()) {
            return false;
        }
        gateway.start();
        return true;
    }

    private void terminate() throws InterruptedException {
        int status = gateway.terminate();
        if (status != 0) {
            problem("After SIGTERM it ended with "
                    + (status < 0 ? "kill -9, as it did not by itself" : status + ", not 0"));
        }
    }

    private void move(Duration length) throws IOException, InterruptedException {
        Files.move(folder.data(), folder.away());
        pause(length);
        if (Files.exists(folder.data(), LinkOption.NOFOLLOW_LINKS)) {
            problem("While the data folder was away another was made in its place");
            ProvenFolder.delete(folder.data());
        }
        Files.move(folder.away(), folder.data());
    }

    private void removeLogs() throws IOException {
        Path logs = folder.data().resolve("logs");
        if (Files.isDirectory(logs)) {
            try (Stream<Path> files = Files.walk(logs)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private void startReadOnly() throws IOException, InterruptedException {
        gateway.kill();
        long said = gateway.logLines();
        Files.setPosixFilePermissions(folder.database(), PosixFilePermissions.fromString("r--------"));
        gateway.start();
        boolean ended = endsOrServes(gateway);
        // Its owner may make it writable again, and then all is well indeed.
        if (!Files.isWritable(folder.database())) {
            if (!ended && gateway.isHealthy()) {
                problem("With a database file that may not be written to it says that all is well");
            } else if (gateway.logSince(said).stream()
                    .noneMatch(line -> line.contains(folder.database().toString()))) {
                problem("It did not say that " + folder.database() + " may not be written to");
            }
        }
        Files.setPosixFilePermissions(folder.database(), PosixFilePermissions.fromString("rw-------"));
    }

    /** A copy it is, as nobody could make good what the gateway accepts on a file that is cut. */
    private void startTorn(RandomGenerator random) throws IOException, InterruptedException {
        List<String> had = known.get();
        gateway.kill();
        folder.copyData(folder.torn());
        Path database = folder.torn().resolve(folder.data().relativize(folder.database()));
        try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
            file.truncate(Math.max(0, file.size() - random.nextLong(1, MOST_TORN)));
        }
        try (ServedProcess torn = gateway.beside(folder.torn(), folder.tornLog())) {
            torn.start();
            if (!endsOrServes(torn)) {
                long unknown = unknown(torn, had);
                if (unknown > 0) {
                    problem("On a database file without its end it knows nothing of " + unknown
                            + " messages, and says that all is well");
                }
                torn.kill();
            } else if (torn.logSince(0).stream().noneMatch(line -> line.contains("restore"))) {
                problem("It does not start on a database file without its end, and does not say what mends that");
            }
        } finally {
            ProvenFolder.delete(folder.torn());
            Files.deleteIfExists(folder.tornLog());
        }
    }

    /** How many of those it does not know, where it does not say by itself that something is missing. */
    private static long unknown(ServedProcess torn, List<String> messages) throws InterruptedException {
        long unknown = 0;
        try {
            ServedProcess.Answer health = torn.look("GET", "/api/health", "");
            if (!health.body().path("status").asText().equals("ok")) {
                return 0;
            }
            for (String message : messages) {
                unknown += torn.look("GET", "/api/messages/" + message, "").status() == 404 ? 1 : 0;
            }
            return unknown;
        } catch (IOException e) {
            return unknown;
        }
    }

    /** Whether it ended by itself, rather than serve. */
    private static boolean endsOrServes(ServedProcess process) throws InterruptedException {
        for (Duration waited = Duration.ZERO; waited.compareTo(VERDICT) < 0; waited = waited.plus(POLL)) {
            if (process.endsWithin(POLL)) {
                return true;
            }
            if (process.isHealthy()) {
                return false;
            }
        }
        return false;
    }

    private void connect(Duration length) throws IOException, InterruptedException {
        List<SocketChannel> connections = new ArrayList<>();
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port());
            for (int i = 0; i < CONNECTIONS; i++) {
                SocketChannel connection = SocketChannel.open();
                connections.add(connection);
                connection.configureBlocking(false);
                connection.connect(address);
            }
            pause(length);
        } finally {
            for (SocketChannel connection : connections) {
                connection.close();
            }
        }
    }

    private void problem(String what) {
        history.add(new HistoryEvent.Problem(history.now(), what));
    }

    static void pause(Duration length) throws InterruptedException {
        boolean early = new CountDownLatch(1).await(length.toMillis(), TimeUnit.MILLISECONDS);
        assert !early;
    }
}
