package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What durable messages cost: how many are accepted, and how many are sent, delivered and acknowledged, beside
 * transactions of one row on the same disk, or beside the gateway of another build on a database of its own.
 */
public final class MessageBenchmark {
    /** What is accepted waits until the end: recipients of that work are away. */
    private static final List<String> SETTINGS = AgentFleet.settings("messages.max_backlog=1000000");

    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g");

    /** With the most senders each still gets fewer messages at once than an agent may hold. */
    private static final int RECIPIENTS = 16;

    private static final String COMMITS = "fairlead_store_commits_total";

    private final BenchPlan plan;
    private final Settings.Db db;
    private final TimeSource time = TimeSource.system();
    /** Names and keys of this run: the database may have seen others. */
    private final String run = "bench-" + UUID.randomUUID().toString().substring(0, 8) + "-";

    /**
     * Measures as planned.
     *
     * @param db an empty PostgreSQL database; where no URL is given, H2 in a folder that goes with the run. A password
     *     reaches the gateway by the environment, {@code FAIRLEAD_DB_PASSWORD}
     */
    public MessageBenchmark(BenchPlan plan, Settings.Db db) {
        this.plan = plan;
        this.db = db;
    }

    /** Round trips of each number of senders, then acceptance. */
    public void run(Consumer<MessageFigures> each) {
        Cores.pinThisProcess();
        try (BenchFolder folder = BenchFolder.create();
                ServerProcess gateway = ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, settings());
                LoadLoop loop = new LoadLoop(time)) {
            if (plan.against().isPresent()) {
                besideAnotherBuild(plan.against().get(), loop, gateway, each);
            } else {
                besideSingleCommits(folder.path(), loop, gateway, each);
            }
        }
    }

    /** Round trips of each number of senders, and what of the gateway's work they are. */
    public void stages(Consumer<StageFigures> each) {
        Cores.pinThisProcess();
        try (BenchFolder folder = BenchFolder.create();
                ServerProcess gateway = ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, settings());
                LoadLoop loop = new LoadLoop(time)) {
            for (int count : plan.connections()) {
                try (MessageLoad load = roundTrips(loop, gateway, count)) {
                    each.accept(stages(count, load, gateway, new AgentFleet(loop, gateway.port())));
                }
            }
        }
    }

    private StageFigures stages(int count, MessageLoad load, ServerProcess gateway, AgentFleet fleet) {
        for (int i = 0; i < plan.warmUps(); i++) {
            load.round(plan.round());
        }
        double before = fleet.counter(COMMITS);
        gateway.beginStages();
        List<Sample> rounds = new ArrayList<>();
        for (int i = 0; i < plan.rounds(); i++) {
            rounds.add(load.round(plan.round()));
        }
        StageTimes times = gateway.endStages();
        return new StageFigures(database(), count, rounds, Math.round(fleet.counter(COMMITS) - before), times);
    }

    private String database() {
        return db.url().isPresent() ? "postgresql" : "h2";
    }

    private void besideSingleCommits(Path folder, LoadLoop loop, ServerProcess gateway, Consumer<MessageFigures> each) {
        try (CommitLoad floor = CommitLoad.open(time, db, folder)) {
            for (int count : plan.connections()) {
                each.accept(measure("round_trip", count, roundTrips(loop, gateway, count), floor, "single_commits"));
            }
            for (int count : plan.connections()) {
                each.accept(measure("accept", count, acceptance(loop, gateway, count), floor, "single_commits"));
            }
        }
    }

    /** On a database of its own, lest one be refused for the other. */
    private void besideAnotherBuild(Path jar, LoadLoop loop, ServerProcess gateway, Consumer<MessageFigures> each) {
        try (BenchFolder folder = BenchFolder.create();
                ServerProcess other = ServerProcess.ofJar(jar, folder.path(), JVM, settings())) {
            for (int count : plan.connections()) {
                try (Load theirs = roundTrips(loop, other, count)) {
                    each.accept(
                            measure("round_trip", count, roundTrips(loop, gateway, count), theirs, plan.peerName()));
                }
            }
            for (int count : plan.connections()) {
                try (Load theirs = acceptance(loop, other, count)) {
                    each.accept(measure("accept", count, acceptance(loop, gateway, count), theirs, plan.peerName()));
                }
            }
        }
    }

    private MessageFigures measure(String work, int count, Load load, Load peer, String peerName) {
        try (load) {
            return new MessageFigures(database(), work, count, Comparison.run(work, load, peer, peerName, plan));
        }
    }

    private MessageLoad roundTrips(LoadLoop loop, ServerProcess gateway, int count) {
        String prefix = run + "trip-" + count + "-";
        MessageLoad load = new MessageLoad(loop, true, prefix);
        load.recipients(recipients(loop, gateway, load, prefix, count));
        return senders(loop, gateway, load, prefix, count);
    }

    private MessageLoad acceptance(LoadLoop loop, ServerProcess gateway, int count) {
        String prefix = run + "take-" + count + "-";
        MessageLoad load = new MessageLoad(loop, false, prefix);
        recipients(loop, gateway, load, prefix, count).forEach(LoadConnection::close);
        return senders(loop, gateway, load, prefix, count);
    }

    private static List<LoadConnection> recipients(
            LoadLoop loop, ServerProcess gateway, MessageLoad load, String prefix, int senders) {
        AgentFleet fleet = new AgentFleet(loop, gateway.port());
        return fleet.connect(
                fleet.registrationTokens(prefix + "to-", Math.min(senders, RECIPIENTS))
                        .values(),
                load.delivered());
    }

    private static MessageLoad senders(
            LoadLoop loop, ServerProcess gateway, MessageLoad load, String prefix, int count) {
        AgentFleet fleet = new AgentFleet(loop, gateway.port());
        List<LoadConnection> senders =
                fleet.connect(fleet.registrationTokens(prefix + "from-", count).values(), load.accepted());
        for (int i = 0; i < count; i++) {
            load.add(senders.get(i), prefix + "to-" + i % RECIPIENTS);
        }
        return load;
    }

    private List<String> settings() {
        List<String> all = new ArrayList<>(SETTINGS);
        db.url().ifPresent(url -> all.add("db.url=" + url));
        db.user().ifPresent(user -> all.add("db.user=" + user));
        return all;
    }
}
