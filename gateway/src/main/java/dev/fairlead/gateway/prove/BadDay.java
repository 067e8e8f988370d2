package dev.fairlead.gateway.prove;

import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/** A day on which everything goes wrong: faults by chance, under load, and a receipt at its end. */
public final class BadDay {
    private static final Duration START = Duration.ofSeconds(60);

    /** What is waited for a return; past it the next fault comes all the same. */
    private static final Duration RETURN = Duration.ofSeconds(30);

    /** For what was sent to be accepted, delivered and settled after the last fault. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    /** Between a return and the next fault, in milliseconds. */
    private static final int SHORTEST_PEACE_MS = 200;

    private static final int LONGEST_PEACE_MS = 1_500;

    private static final long POLL_MS = 20;

    /** Messages that are asked for one by one at most. */
    private static final int MOST_CUT_OFF = 500;

    /** What a power cut may take with it, in milliseconds: how often the gateway notes how far it has come. */
    private static final long MARK_MS = 5_000;

    /** Lines of its log that are told of a gateway that did not return. */
    private static final int LAST_WORDS = 5;

    /**
     * What to do.
     *
     * @param length of the time in which faults are made
     * @param seed of their order, kinds and lengths
     * @param mostFaults the run ends when it has made so many
     * @param databaseUrl of an empty PostgreSQL database; empty for H2 in the run's folder
     */
    public record Plan(
            Duration length,
            long seed,
            int mostFaults,
            Optional<String> databaseUrl,
            Optional<String> databaseUser,
            Optional<String> databasePassword) {}

    private final Plan plan;
    private final ProvenFolder folder;
    private final Consumer<String> told;
    private final Random random;
    private final AcceptedSample sample;

    /** Kinds that are still to come before any comes again. */
    private final List<FaultKind> bag = new ArrayList<>();

    /**
     * A day that has not begun.
     *
     * @param folder a new one, for all that it makes
     * @param told hears, in lines for people, what happens
     */
    public BadDay(Plan plan, Path folder, Consumer<String> told) {
        this.plan = plan;
        this.folder = new ProvenFolder(folder.toAbsolutePath());
        this.told = told;
        this.random = new Random(plan.seed());
        this.sample = new AcceptedSample(new Random(plan.seed()));
    }

    /**
     * Lives through it.
     *
     * @throws IOException where it cannot begin: the folder is not empty, the gateway does not start
     */
    public Receipt run() throws IOException, InterruptedException {
        folder.create();
        Optional<SmallDisk> disk = SmallDisk.mount(folder.disk());
        boolean kept = false;
        try {
            Receipt receipt = run(disk);
            kept = receipt.kept();
            return receipt;
        } finally {
            if (disk.isPresent()) {
                if (!kept) {
                    leaveData();
                }
                disk.get().close();
            }
        }
    }

    private Receipt run(Optional<SmallDisk> disk) throws IOException, InterruptedException {
        if (plan.databaseUrl().isEmpty()) {
            return run(disk, Optional.empty());
        }
        try (DatabaseLink link = DatabaseLink.to(plan.databaseUrl().get())) {
            return run(disk, Optional.of(link));
        }
    }

    /** The disk goes with the run; what is on it may be all that tells what went wrong. */
    private void leaveData() {
        try {
            folder.copyData(folder.left());
        } catch (IOException | RuntimeException e) {
            told.accept("The data folder could not be left at " + folder.left() + ": " + e);
        }
    }

    /** Deletes the folder of a run that has ended. */
    public static void forget(Path folder) {
        ProvenFolder.delete(folder);
    }

    private Receipt run(Optional<SmallDisk> disk, Optional<DatabaseLink> link)
            throws IOException, InterruptedException {
        try (History history = History.begin(folder.history(), TimeSource.system());
                ServedProcess gateway = gateway(link);
                MessageTraffic traffic = new MessageTraffic(history, sample)) {
            gateway.start();
            if (!until(START, gateway::isHealthy)) {
                throw new IOException("The gateway does not start; see " + folder.log());
            }
            SampleInstance instance = SampleInstance.start(gateway, plan.seed());
            traffic.begin(gateway, folder.tokens());
            Faults faults = new Faults(gateway, folder, disk, link, history, () -> sample.by(history.now() - MARK_MS));
            List<String> leftOut = new ArrayList<>();
            List<FaultKind> kinds = kinds(faults, leftOut);
            ServiceProbe probe = ServiceProbe.begin(gateway, traffic, history);
            try {
                until(START, () -> history.lastServed() >= 0);
                goThrough(faults, kinds, gateway, instance, history);
                settle(traffic, gateway, history);
            } finally {
                probe.end();
            }
            history.add(new HistoryEvent.Ended(history.now()));
            traffic.end();
            int status = gateway.terminate();
            if (status != 0) {
                history.add(new HistoryEvent.Problem(history.now(), "After the last SIGTERM it ended with " + status));
            }
            HistoryChecker checker = new HistoryChecker();
            history.tell(checker);
            return checker.receipt(plan.seed(), leftOut);
        }
    }

    private ServedProcess gateway(Optional<DatabaseLink> link) throws IOException {
        List<String> settings = new ArrayList<>(List.of(
                // A lease that a fault cut short ends soon, and no message is given up for what faults did to it.
                "messages.ack_timeout=5s", "messages.max_attempts=1000", "messages.retry_cap=2s"));
        link.ifPresent(way -> settings.add("db.url=" + way.url()));
        plan.databaseUser().ifPresent(user -> settings.add("db.user=" + user));
        byte[] password = new byte[16];
        new SecureRandom().nextBytes(password);
        return ServedProcess.on(
                folder.data(),
                folder.log(),
                HexFormat.of().formatHex(password),
                settings,
                plan.databasePassword()
                        .map(secret -> Map.of("FAIRLEAD_DB_PASSWORD", secret))
                        .orElse(Map.of()));
    }

    private static List<FaultKind> kinds(Faults faults, List<String> leftOut) {
        List<FaultKind> possible = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            Optional<String> hindrance = faults.hindrance(kind);
            hindrance.ifPresent(why -> leftOut.add(kind + ": " + why));
            if (hindrance.isEmpty()) {
                possible.add(kind);
            }
        }
        return possible;
    }

    private void goThrough(
            Faults faults, List<FaultKind> kinds, ServedProcess gateway, SampleInstance instance, History history)
            throws IOException, InterruptedException {
        long lines = gateway.logLines();
        for (int number = 1;
                number <= plan.mostFaults() && history.now() < plan.length().toMillis();
                number++) {
            pause(random.nextInt(SHORTEST_PEACE_MS, LONGEST_PEACE_MS));
            FaultKind kind = next(kinds);
            Duration length = Faults.length(kind, random);
            history.add(new HistoryEvent.FaultBegan(
                    history.now(), number, kind, length.isZero() ? "" : length.toMillis() + " ms"));
            boolean restarted = faults.make(kind, length, random);
            long over = history.now();
            history.add(new HistoryEvent.FaultEnded(over, number, restarted));
            boolean back = until(RETURN, () -> history.lastServed() > over);
            int running = instance.count();
            if (running > 1) {
                history.add(new HistoryEvent.Problem(
                        history.now(), "After fault " + number + " the instance ran " + running + " times"));
            }
            long now = gateway.logLines();
            history.add(new HistoryEvent.Measured(history.now(), number, now - lines, load()));
            told.accept("fault " + number + ": " + kind + (length.isZero() ? "" : " for " + length.toMillis() + " ms")
                    + "; "
                    + (back ? "served again after " + (history.lastServed() - over) + " ms" : "not served since")
                    + ", " + (now - lines) + " lines in the log");
            if (!back) {
                List<String> said = gateway.logSince(lines);
                said.subList(Math.max(0, said.size() - LAST_WORDS), said.size())
                        .forEach(line -> told.accept("  its log: " + line));
            }
            lines = now;
        }
    }

    /** Of the last minute; 0 where the system does not tell. */
    private static double load() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return Math.max(0, system.getSystemLoadAverage() / system.getAvailableProcessors());
    }

    private FaultKind next(List<FaultKind> kinds) {
        if (bag.isEmpty()) {
            bag.addAll(kinds);
            Collections.shuffle(bag, random);
        }
        return bag.remove(bag.size() - 1);
    }

    /** What was sent comes to its end, and what was said to be kept is looked for. */
    private void settle(MessageTraffic traffic, ServedProcess gateway, History history)
            throws IOException, InterruptedException {
        traffic.stopSending();
        if (!until(SETTLING, () -> traffic.waiting() == 0 && areSettled(gateway, traffic.unsettled()))) {
            history.add(new HistoryEvent.Problem(
                    history.now(),
                    SETTLING.toSeconds() + " s after the last fault " + traffic.waiting()
                            + " messages were not accepted, and not settled " + traffic.unsettled()));
        }
        try {
            for (String message : sample.by(history.now())) {
                ServedProcess.Answer answer = gateway.send("GET", "/api/messages/" + message, "");
                if (answer.status() == 404) {
                    history.add(new HistoryEvent.Missing(history.now(), message));
                }
            }
        } catch (IOException e) {
            history.add(new HistoryEvent.Problem(history.now(), "It does not say what it has: " + e));
        }
    }

    /** Of some it has the acknowledgement, and its word on that was cut off. */
    private static boolean areSettled(ServedProcess gateway, List<String> messages) throws InterruptedException {
        if (messages.size() > MOST_CUT_OFF) {
            return false;
        }
        try {
            for (String message : messages) {
                ServedProcess.Answer answer = gateway.send("GET", "/api/messages/" + message, "");
                if (!answer.body().path("status").asText().equals("acknowledged")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A condition that may have to ask. */
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws InterruptedException;
    }

    private static boolean until(Duration limit, Condition condition) throws InterruptedException {
        TimeSource time = TimeSource.system();
        long began = time.nanos();
        while (!condition.holds()) {
            if (time.nanos() - began > limit.toNanos()) {
                return false;
            }
            pause(POLL_MS);
        }
        return true;
    }

    private static void pause(long millis) throws InterruptedException {
        Faults.pause(Duration.ofMillis(millis));
    }
}
