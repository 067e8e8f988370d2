package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts both servers, puts the same work on each by turns, and ends them. */
public final class Benchmark {
    /** Agents whose list is about as long as that of the tools. */
    private static final int LISTED = 40;

    private static final List<String> SETTINGS = AgentFleet.settings();
    private static final List<String> JVM = List.of("-Xms512m", "-Xmx512m");

    /** 200 bytes in all, with the envelope around it. */
    private static final String DATA = "{\"text\":\"" + "x".repeat(128) + "\"}";

    private static final int EVENT_BYTES = 200;
    private static final int RESPONDERS = 4;
    private static final String EVENTS = "/ws/events?ping=0";

    /** Until a start has left nothing to do. */
    private static final Duration SETTLING = Duration.ofSeconds(20);

    private final BenchPlan plan;
    private final TimeSource time = TimeSource.system();

    /** Measures as planned. */
    public Benchmark(BenchPlan plan) {
        this.plan = plan;
    }

    /** Each agent sends {@code test.echo}, waits for the answer and sends the next. */
    public void echo(Consumer<Comparison> each) {
        overBoth((loop, gateway, peer) -> {
            for (int count : plan.connections()) {
                each.accept(compare(
                        "echo, " + count + " connections", echo(loop, gateway, count), echo(loop, peer, count)));
            }
        });
    }

    private static Load echo(LoadLoop loop, ServerProcess server, int count) {
        byte[] request = MaskedFrames.text("{\"subject\":\"test.echo\",\"reply\":\"inbox.1\",\"data\":" + DATA + "}");
        RequestLoad load = new RequestLoad(loop);
        if (server.kind() == ServerKind.GATEWAY) {
            AgentFleet fleet = new AgentFleet(loop, server.port());
            fleet.connect(fleet.registrationTokens("echo-" + count + "-", count).values(), load.answers())
                    .forEach(connection -> load.add(connection, request));
        } else {
            for (int i = 0; i < count; i++) {
                load.add(loop.opened(server.port(), "/echo", load.answers()), request);
            }
        }
        return load;
    }

    /** Events of {@code /ws/events} to subscribers, one at a time and in bursts. */
    public void fanout(List<Integer> bursts, Consumer<Comparison> each) {
        overBoth((loop, gateway, peer) -> {
            for (int count : plan.connections()) {
                for (int burst : bursts) {
                    FanoutLoad ours = events(loop, gateway, count, burst);
                    FanoutLoad theirs = peer.kind() == ServerKind.GATEWAY
                            ? events(loop, peer, count, burst)
                            : new FanoutLoad(loop, peer, "/events", count, burst, ours.payloadBytes(), false);
                    each.accept(compare(
                            "fan-out to " + count + ", " + (burst == 1 ? "one event" : burst + " events")
                                    + " at a time",
                            ours,
                            theirs));
                }
            }
        });
    }

    private static FanoutLoad events(LoadLoop loop, ServerProcess gateway, int count, int burst) {
        return new FanoutLoad(loop, gateway, EVENTS, count, burst, EVENT_BYTES, true);
    }

    /** Agents that do nothing but be there. */
    public void connections(Consumer<IdleFleet.Findings> each) {
        Cores.pinThisProcess();
        for (int count : plan.connections()) {
            idle(count, Optional.empty(), each);
            plan.against().ifPresent(jar -> idle(count, Optional.of(jar), each));
        }
    }

    private void idle(int count, Optional<Path> jar, Consumer<IdleFleet.Findings> each) {
        try (BenchFolder folder = BenchFolder.create()) {
            each.accept(new IdleFleet(time, count, SETTINGS, jar).measure(folder.path(), plan));
        }
    }

    /** What a gateway costs that has nothing to do, beside the other build if there is one. */
    public void rest(Consumer<Rest> each) {
        overBoth((loop, gateway, peer) -> {
            loop.run(SETTLING);
            List<ServerProcess> servers = peer.kind() == ServerKind.GATEWAY ? List.of(gateway, peer) : List.of(gateway);
            for (int i = 0; i < plan.rounds(); i++) {
                each.accept(Rest.of(loop, servers, plan.round()));
            }
        });
    }

    /** {@code GET /api/agents} of a gateway without agents, again and again on connections that stay. */
    public void requests(Consumer<Comparison> each) {
        overBoth((loop, gateway, peer) -> {
            for (int count : plan.connections()) {
                HttpLoad ours = agents(loop, gateway, count);
                HttpLoad theirs = peer.kind() == ServerKind.GATEWAY
                        ? agents(loop, peer, count)
                        : new HttpLoad(
                                loop,
                                peer.port(),
                                HttpConnection.get(peer.port(), "/" + ours.answerBytes(), Optional.empty()),
                                count);
                each.accept(compare("GET /api/agents, " + count + " connections", ours, theirs));
            }
        });
    }

    /**
     * {@code tools/list} over {@code POST /mcp} beside {@code GET /api/agents} of the same gateway: without agents,
     * whose list is then a few bytes, and with as many as make both lists about as long.
     */
    public void tools(Consumer<Comparison> each) {
        Cores.pinThisProcess();
        try (BenchFolder folder = BenchFolder.create();
                ServerProcess gateway =
                        ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, AgentFleet.settings());
                LoadLoop loop = new LoadLoop(time)) {
            AgentFleet fleet = new AgentFleet(loop, gateway.port());
            plan.connections().forEach(count -> each.accept(tools(loop, gateway, count, "no agents")));
            fleet.connect(fleet.registrationTokens("listed-", LISTED).values(), (connection, payload) -> {});
            plan.connections().forEach(count -> each.accept(tools(loop, gateway, count, LISTED + " agents")));
        }
    }

    private Comparison tools(LoadLoop loop, ServerProcess gateway, int count, String fleet) {
        String request = HttpConnection.post(
                gateway.port(),
                "/mcp",
                new AgentFleet(loop, gateway.port()).operatorToken(),
                "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
        try (HttpLoad tools = new HttpLoad(loop, gateway.port(), request, count);
                HttpLoad agents = agents(loop, gateway, count)) {
            String work = "tools/list, " + count + " connections, " + fleet + " (" + tools.answerBytes() + " and "
                    + agents.answerBytes() + " bytes)";
            return Comparison.run(work, tools, agents, "agents", plan);
        }
    }

    private static HttpLoad agents(LoadLoop loop, ServerProcess gateway, int count) {
        Optional<String> operator = Optional.of(new AgentFleet(loop, gateway.port()).operatorToken());
        return new HttpLoad(loop, gateway.port(), HttpConnection.get(gateway.port(), "/api/agents", operator), count);
    }

    /** Connections and upgrades, closed as soon as they are good. */
    public void openings(Consumer<Comparison> each) {
        overBoth((loop, gateway, peer) -> {
            each.accept(compare("connections accepted", accepted(loop, gateway), accepted(loop, peer)));
            each.accept(compare("upgrades", upgraded(loop, gateway), upgraded(loop, peer)));
        });
    }

    private static Load accepted(LoadLoop loop, ServerProcess server) {
        String path = server.kind() == ServerKind.GATEWAY ? "/api/health/live" : "/15";
        return OpeningLoad.requests(loop, server.port(), HttpConnection.get(server.port(), path, Optional.empty()));
    }

    private static Load upgraded(LoadLoop loop, ServerProcess server) {
        return server.kind() == ServerKind.GATEWAY
                ? OpeningLoad.upgrades(
                        loop, server.port(), EVENTS, Optional.of(new AgentFleet(loop, server.port()).operatorToken()))
                : OpeningLoad.upgrades(loop, server.port(), "/events", Optional.empty());
    }

    /** Agents ask a few others through the gateway. */
    public void routed(Consumer<Comparison> each) {
        overBoth((loop, gateway, peer) -> {
            for (int count : plan.connections()) {
                each.accept(compare(
                        "routed and back, " + count + " askers",
                        routed(loop, gateway, count),
                        routed(loop, peer, count)));
            }
        });
    }

    private static Load routed(LoadLoop loop, ServerProcess server, int count) {
        Responders responders = new Responders(DATA);
        String helper = "helper-" + count + "-";
        RequestLoad load = new RequestLoad(loop);
        List<LoadConnection> askers = new ArrayList<>();
        if (server.kind() == ServerKind.GATEWAY) {
            AgentFleet fleet = new AgentFleet(loop, server.port());
            fleet.connect(fleet.registrationTokens(helper, RESPONDERS).values(), responders);
            Map<String, String> tokens = fleet.registrationTokens("asker-" + count + "-", count);
            askers.addAll(fleet.connect(tokens.values(), load.answers()));
        } else {
            for (int i = 0; i < RESPONDERS; i++) {
                loop.opened(server.port(), "/" + helper + i, responders);
            }
            for (int i = 0; i < count; i++) {
                askers.add(loop.opened(server.port(), "/asker" + i, load.answers()));
            }
        }
        for (int i = 0; i < count; i++) {
            load.add(
                    askers.get(i),
                    MaskedFrames.text("{\"subject\":\"agents." + helper + i % RESPONDERS
                            + ".work.do\",\"reply\":\"inbox.1\",\"data\":" + DATA + "}"));
        }
        return load;
    }

    @FunctionalInterface
    private interface Work {
        void on(LoadLoop loop, ServerProcess gateway, ServerProcess peer);
    }

    private Comparison compare(String work, Load ours, Load theirs) {
        try (ours;
                theirs) {
            return Comparison.run(work, ours, theirs, plan.peerName(), plan);
        }
    }

    private void overBoth(Work work) {
        Cores.pinThisProcess();
        try (BenchFolder folder = BenchFolder.create();
                BenchFolder second = BenchFolder.create();
                ServerProcess gateway = ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, SETTINGS);
                ServerProcess peer = plan.against()
                        .map(jar -> ServerProcess.ofJar(jar, second.path(), JVM, SETTINGS))
                        .orElseGet(() -> ServerProcess.start(ServerKind.BARE, second.path(), JVM, List.of()));
                LoadLoop loop = new LoadLoop(time)) {
            work.on(loop, gateway, peer);
        }
    }
}
