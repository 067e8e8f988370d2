package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Starts both servers, puts the same work on each by turns, and ends them. */
public final class Benchmark {
    private static final List<String> SETTINGS =
            List.of("http.port=0", "auth.admin_password=" + AgentFleet.PASSWORD, "ws.max_per_address_loopback=20000");
    private static final List<String> JVM = List.of("-Xms512m", "-Xmx512m");

    /** 200 bytes in all, with the envelope around it. */
    private static final String DATA = "{\"text\":\"" + "x".repeat(128) + "\"}";

    private static final int EVENT_BYTES = 200;
    private static final int RESPONDERS = 4;

    private final BenchPlan plan;
    private final TimeSource time = TimeSource.system();

    /** Measures as planned. */
    public Benchmark(BenchPlan plan) {
        this.plan = plan;
    }

    /** Each agent sends {@code test.echo}, waits for the answer and sends the next. */
    public void echo(Consumer<Comparison> each) {
        byte[] request = MaskedFrames.text("{\"subject\":\"test.echo\",\"reply\":\"inbox.1\",\"data\":" + DATA + "}");
        overBoth((loop, gateway, bare) -> {
            for (int count : plan.connections()) {
                AgentFleet fleet = new AgentFleet(loop, gateway.port());
                RequestLoad ours = new RequestLoad(loop);
                fleet.connect(
                                fleet.registrationTokens("echo-" + count + "-", count)
                                        .values(),
                                ours.answers())
                        .forEach(connection -> ours.add(connection, request));
                RequestLoad theirs = new RequestLoad(loop);
                for (int i = 0; i < count; i++) {
                    theirs.add(loop.opened(bare.port(), "/echo", theirs.answers()), request);
                }
                each.accept(compare("echo, " + count + " connections", ours, theirs));
            }
        });
    }

    /** Events of {@code /ws/events} to subscribers, one at a time and in bursts. */
    public void fanout(List<Integer> bursts, Consumer<Comparison> each) {
        overBoth((loop, gateway, bare) -> {
            for (int count : plan.connections()) {
                for (int burst : bursts) {
                    FanoutLoad ours =
                            new FanoutLoad(loop, gateway, "/ws/events?ping=0", count, burst, EVENT_BYTES, true);
                    FanoutLoad theirs = new FanoutLoad(loop, bare, "/events", count, burst, ours.payloadBytes(), false);
                    each.accept(compare(
                            "fan-out to " + count + ", " + (burst == 1 ? "one event" : burst + " events")
                                    + " at a time",
                            ours,
                            theirs));
                }
            }
        });
    }

    /** Agents that do nothing but be there. */
    public void connections(Consumer<IdleFleet.Findings> each) {
        Cores.pinThisProcess();
        for (int count : plan.connections()) {
            try (BenchFolder folder = BenchFolder.create()) {
                each.accept(new IdleFleet(time, count, SETTINGS).measure(folder.path(), plan.round()));
            }
        }
    }

    /** Agents ask a few others through the gateway. */
    public void routed(Consumer<Comparison> each) {
        overBoth((loop, gateway, bare) -> {
            Responders responders = new Responders(DATA);
            for (int count : plan.connections()) {
                String helper = "helper-" + count + "-";
                AgentFleet fleet = new AgentFleet(loop, gateway.port());
                fleet.connect(fleet.registrationTokens(helper, RESPONDERS).values(), responders);
                RequestLoad ours = new RequestLoad(loop);
                Map<String, String> tokens = fleet.registrationTokens("asker-" + count + "-", count);
                List<LoadConnection> askers = fleet.connect(tokens.values(), ours.answers());
                for (int i = 0; i < RESPONDERS; i++) {
                    loop.opened(bare.port(), "/" + helper + i, responders);
                }
                RequestLoad theirs = new RequestLoad(loop);
                for (int i = 0; i < count; i++) {
                    byte[] request = MaskedFrames.text("{\"subject\":\"agents." + helper + i % RESPONDERS
                            + ".work.do\",\"reply\":\"inbox.1\",\"data\":" + DATA + "}");
                    ours.add(askers.get(i), request);
                    theirs.add(loop.opened(bare.port(), "/asker" + i, theirs.answers()), request);
                }
                each.accept(compare("routed and back, " + count + " askers", ours, theirs));
            }
        });
    }

    @FunctionalInterface
    private interface Work {
        void on(LoadLoop loop, ServerProcess gateway, ServerProcess bare);
    }

    private Comparison compare(String work, Load ours, Load theirs) {
        try (ours;
                theirs) {
            return Comparison.run(work, ours, theirs, plan);
        }
    }

    private void overBoth(Work work) {
        Cores.pinThisProcess();
        try (BenchFolder folder = BenchFolder.create();
                ServerProcess gateway = ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, SETTINGS);
                ServerProcess bare = ServerProcess.start(ServerKind.BARE, folder.path(), JVM, List.of());
                LoadLoop loop = new LoadLoop(time)) {
            work.on(loop, gateway, bare);
        }
    }
}
