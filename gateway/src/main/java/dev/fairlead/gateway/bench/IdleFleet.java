package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What many idle agents cost a gateway, and how it takes them all back after a crash. */
public final class IdleFleet {
    /** The heap is capped, so that resident memory tells what connections take and not what was never collected. */
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final byte[] HEARTBEAT = MaskedFrames.text("{\"subject\":\"agent.heartbeat\"}");
    private static final int WARM_UP = 500;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration SLICE = Duration.ofMillis(10);

    private final TimeSource time;
    private final int count;
    private final Optional<Path> jar;
    private final List<String> settings;
    private int refused;
    private long heard;

    /**
     * Measures with {@code count} agents.
     *
     * @param jar of the gateway; of this build if empty
     */
    IdleFleet(TimeSource time, int count, List<String> settings, Optional<Path> jar) {
        this.time = time;
        this.jar = jar;
        this.count = count;
        this.settings = settings;
    }

    /**
     * What was found.
     *
     * @param build {@code this} or {@code against}
     * @param heapBytes live heap a connection, which its end gives back
     * @param residentBytes resident memory of the process a connection
     * @param heartbeatShare of one core while every agent sends a heartbeat a second, 1 being all of it: the median of
     *     the rounds, after those that warm it up, less what it costs while nobody sends anything
     * @param backMillis from the restarted gateway's first listening until all agents were registered again
     * @param refused upgrades refused or cut in that time
     */
    public record Findings(
            String build,
            int connections,
            long heapBytes,
            long residentBytes,
            double heartbeatShare,
            long backMillis,
            int refused) {
        public static List<String> headings() {
            return List.of("BUILD", "AGENTS", "HEAP B EACH", "RSS B EACH", "BEATS EACH S", "ALL BACK MS", "REFUSED");
        }

        public JsonNode json() {
            return FrameCodec.object()
                    .put("build", build)
                    .put("agents", connections)
                    .put("heap_bytes_each", heapBytes)
                    .put("rss_bytes_each", residentBytes)
                    .put("heartbeat_share_of_a_core", heartbeatShare)
                    .put("all_back_ms", backMillis)
                    .put("refused", refused);
        }

        public List<String> cells() {
            return List.of(
                    build,
                    Integer.toString(connections),
                    Long.toString(heapBytes),
                    Long.toString(residentBytes),
                    String.format("%.1f %%", heartbeatShare * 100),
                    Long.toString(backMillis),
                    Integer.toString(refused));
        }
    }

    Findings measure(Path folder, BenchPlan plan) {
        List<String> tokens;
        Memory before;
        Memory after;
        double share;
        long closed;
        ServerProcess server = start(folder);
        try (LoadLoop loop = new LoadLoop(time)) {
            AgentFleet fleet = new AgentFleet(loop, server.port());
            // What the first connections make the gateway load is no connection's cost.
            fleet.connect(fleet.registrationTokens("warm-", WARM_UP).values(), (connection, payload) -> {})
                    .forEach(LoadConnection::close);
            Map<String, String> registration = fleet.registrationTokens("idle-", count);
            before = Memory.of(server);
            List<LoadConnection> agents = fleet.connect(registration.values(), (connection, payload) -> heard++);
            after = Memory.of(server);
            for (int i = 0; i < plan.warmUps(); i++) {
                heartbeats(loop, agents, plan.round());
            }
            List<Double> shares = new ArrayList<>();
            for (int i = 0; i < plan.rounds(); i++) {
                double rest = shareOf(server, () -> loop.run(plan.round()));
                shares.add(shareOf(server, () -> heartbeats(loop, agents, plan.round())) - rest);
            }
            Collections.sort(shares);
            share = Math.max(0, shares.get(shares.size() / 2)); // without those in which the compiler was at work
            tokens = fleet.permanentTokens();
            agents.forEach(LoadConnection::close);
            loop.run(SETTLING);
            closed = server.heapBytes();
        } finally {
            server.kill();
        }
        return new Findings(
                jar.isPresent() ? "against" : "this",
                count,
                (after.heap - closed) / count,
                (after.resident - before.resident) / count,
                share,
                storm(folder, tokens.subList(WARM_UP, tokens.size())).toMillis(),
                refused);
    }

    private ServerProcess start(Path folder) {
        return jar.map(other -> ServerProcess.ofJar(other, folder, JVM, settings))
                .orElseGet(() -> ServerProcess.start(ServerKind.GATEWAY, folder, JVM, settings));
    }

    private record Memory(long heap, long resident) {
        static Memory of(ServerProcess server) {
            return new Memory(server.heapBytes(), server.residentBytes());
        }
    }

    private double shareOf(ServerProcess server, Runnable work) {
        long start = time.nanos();
        long used = server.processorNanos();
        work.run();
        return (double) (server.processorNanos() - used) / (time.nanos() - start);
    }

    /** Every agent once a second, spread evenly. */
    private void heartbeats(LoadLoop loop, List<LoadConnection> agents, Duration beating) {
        heard = 0;
        long sent = 0;
        long start = loop.now();
        for (long past = 0; past < beating.toNanos(); past = loop.now() - start) {
            for (long due = past * count / SECOND_NANOS; sent < due; sent++) {
                agents.get((int) (sent % count)).send(HEARTBEAT);
            }
            loop.run(SLICE);
        }
        long all = sent;
        loop.runUntil(() -> heard >= all, PATIENCE);
    }

    /** A new life of a gateway that was killed, with all its agents at the door at once. */
    private Duration storm(Path folder, List<String> tokens) {
        try (ServerProcess again = start(folder);
                LoadLoop loop = new LoadLoop(time)) {
            long start = time.nanos();
            AgentFleet fleet = new AgentFleet(loop, again.port());
            refused = fleet.storm(tokens);
            return Duration.ofNanos(time.nanos() - start);
        }
    }
}
