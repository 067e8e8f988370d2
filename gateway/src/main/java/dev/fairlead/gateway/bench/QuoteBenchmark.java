package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.dxlink.DxLinkDecoder;
import dev.fairlead.gateway.upstream.simulator.SimulatorOptions;
import dev.fairlead.gateway.upstream.simulator.UpstreamSimulator;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** How fast quotes come in, are given to those who ask, and reach those who are told. */
public final class QuoteBenchmark {
    private static final List<String> JVM = List.of("-Xms1g", "-Xmx1g");
    private static final int EVENTS_PER_FRAME = 100;
    private static final int ASKERS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TimeSource time = TimeSource.system();
    private final Duration length;
    private final int agents;
    private final List<String> symbols;
    private final Duration period;

    /**
     * Measures so long each.
     *
     * @param agents who are told
     * @param symbols how many they want, 100 at most
     * @param period how often each quote moves
     */
    public QuoteBenchmark(Duration length, int agents, int symbols, Duration period) {
        this.length = length;
        this.agents = agents;
        this.symbols = IntStream.range(0, symbols).mapToObj(i -> "S" + i).toList();
        this.period = period;
    }

    /** Decoding, giving, telling. */
    public void run(Consumer<QuoteFigures> each) {
        Cores.pinThisProcess();
        each.accept(decode());
        Vertx vertx = Vertx.vertx();
        try {
            UpstreamSimulator upstream = done(UpstreamSimulator.start(vertx, time, options()));
            try (BenchFolder folder = BenchFolder.create();
                    ServerProcess gateway =
                            ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, settings(upstream));
                    LoadLoop loop = new LoadLoop(time)) {
                AgentFleet fleet = new AgentFleet(loop, gateway.port());
                each.accept(give(loop, gateway, fleet));
                each.accept(tell(loop, gateway, fleet));
            }
        } finally {
            done(vertx.close());
        }
    }

    /** Frames as a feed sends them, over and over. */
    private QuoteFigures decode() {
        String events = IntStream.range(0, EVENTS_PER_FRAME)
                .mapToObj(i -> "\"Quote\",\"SYM" + i + "\"," + (100 + i) + ".35," + (100 + i) + ".37,100.0,\"NaN\"")
                .collect(Collectors.joining(","));
        byte[] frame = ("{\"type\":\"FEED_DATA\",\"channel\":1,\"data\":[\"Quote\",[" + events + "]]}")
                .getBytes(StandardCharsets.UTF_8);
        decode(frame, WARM_UP);
        return new QuoteFigures("decode", 0, decode(frame, length), Double.NaN, Double.NaN, Double.NaN);
    }

    private double decode(byte[] frame, Duration howLong) {
        DxLinkDecoder decoder = new DxLinkDecoder();
        long events = 0;
        long start = time.nanos();
        while (time.nanos() - start < howLong.toNanos()) {
            try {
                events += decoder.quotes(frame).size();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return events * 1e9 / (time.nanos() - start);
    }

    /** Agents that ask for one quote after another, all of which the feed brings. */
    private QuoteFigures give(LoadLoop loop, ServerProcess gateway, AgentFleet fleet) {
        RequestLoad load = new RequestLoad(loop);
        List<LoadConnection> askers =
                fleet.connect(fleet.registrationTokens("asker-", ASKERS).values(), load.answers());
        for (int i = 0; i < ASKERS; i++) {
            load.add(
                    askers.get(i),
                    MaskedFrames.text("{\"subject\":\"quote.get\",\"reply\":\"inbox.1\",\"data\":{\"symbol\":\""
                            + symbols.get(i % symbols.size()) + "\"}}"));
        }
        load.round(WARM_UP);
        long cpu = gateway.processorNanos();
        Sample sample = load.round(length);
        double share = (gateway.processorNanos() - cpu) / (double) sample.nanos();
        load.close();
        return new QuoteFigures(
                "get",
                ASKERS,
                sample.perSecond(),
                sample.latencies().getValueAtPercentile(50) / 1e6,
                sample.latencies().getValueAtPercentile(99) / 1e6,
                share);
    }

    /** Agents that are told each quote. */
    private QuoteFigures tell(LoadLoop loop, ServerProcess gateway, AgentFleet fleet) {
        QuoteArrivals arrivals = new QuoteArrivals(time);
        List<LoadConnection> told =
                fleet.connect(fleet.registrationTokens("told-", agents).values(), arrivals);
        byte[] subscribe = MaskedFrames.text(
                "{\"subject\":\"quote.subscribe\",\"data\":{\"symbols\":" + FrameCodec.text(symbols) + "}}");
        told.forEach(agent -> agent.send(subscribe));
        loop.runUntil(() -> arrivals.subscribed() == agents, PATIENCE);
        loop.run(WARM_UP);
        arrivals.reset();
        long cpu = gateway.processorNanos();
        long start = loop.now();
        loop.run(length);
        long nanos = loop.now() - start;
        return new QuoteFigures(
                "fanout",
                agents,
                arrivals.count() * 1e9 / nanos,
                arrivals.ageMs(50),
                arrivals.ageMs(99),
                (gateway.processorNanos() - cpu) / (double) nanos);
    }

    private SimulatorOptions options() {
        SimulatorOptions usual = SimulatorOptions.onPort(0);
        return new SimulatorOptions(
                usual.host(), usual.port(), usual.tokenLife(), usual.quoteTokenLife(), period, List.of());
    }

    private List<String> settings(UpstreamSimulator upstream) {
        return AgentFleet.settings(
                "upstream.kind=simulator",
                "upstream.base_url=" + upstream.baseUrl(),
                "quotes.symbols=" + String.join(",", symbols));
    }

    private static <T> T done(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("The benchmark cannot go on", e);
        }
    }
}
