package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What the gateway adds to a model's stream: many chats with a model of this process that speaks at an even rate,
 * through the gateway and through a bare Vert.x proxy or the gateway of another build, by turns.
 */
public final class ChatBenchmark {
    private static final List<String> JVM = List.of("-Xms512m", "-Xmx512m");

    private final BenchPlan plan;
    private final int piecesASecond;
    private final TimeSource time = TimeSource.system();

    /**
     * Measures as planned.
     *
     * @param piecesASecond in each chat
     */
    public ChatBenchmark(BenchPlan plan, int piecesASecond) {
        this.plan = plan;
        this.piecesASecond = piecesASecond;
    }

    /** Runs each number of chats. */
    public void run(Consumer<ChatFigures> each) {
        overModel((address, settings) -> {
            try (BenchFolder folder = BenchFolder.create();
                    BenchFolder second = BenchFolder.create();
                    ServerProcess gateway = ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, settings);
                    ServerProcess peer = plan.against()
                            .map(jar -> ServerProcess.ofJar(jar, second.path(), JVM, settings))
                            .orElseGet(() ->
                                    ServerProcess.start(ServerKind.CHAT_PROXY, second.path(), JVM, List.of(address)));
                    LoadLoop loop = new LoadLoop(time)) {
                plan.connections().forEach(count -> each.accept(measure(loop, gateway, peer, count)));
            }
        });
    }

    /** Works with the address of a model, as a setting, and with the settings of a gateway that asks it. */
    private void overModel(BiConsumer<String, List<String>> work) {
        Cores.pinThisProcess();
        Vertx vertx = Vertx.vertx();
        try {
            ModelServerVerticle model = new ModelServerVerticle(time);
            await(vertx.deployVerticle(model));
            String address = "llm.base_url=http://127.0.0.1:" + model.port() + "/v1";
            work.accept(address, gatewaySettings(address));
        } finally {
            await(vertx.close());
        }
    }

    /** Runs each number of streams over {@code /v1/chat/completions} beside as many chats of the same gateway. */
    public void completions(Consumer<CompletionFigures> each) {
        overModel((address, settings) -> {
            try (BenchFolder folder = BenchFolder.create();
                    BenchFolder second = BenchFolder.create();
                    ServerProcess gateway = ServerProcess.start(ServerKind.GATEWAY, folder.path(), JVM, settings);
                    ServerProcess bare =
                            ServerProcess.start(ServerKind.CHAT_PROXY, second.path(), JVM, List.of(address));
                    LoadLoop loop = new LoadLoop(time)) {
                plan.connections().forEach(count -> each.accept(completions(loop, gateway, bare, count)));
            }
        });
    }

    private CompletionFigures completions(LoadLoop loop, ServerProcess gateway, ServerProcess bare, int count) {
        String token = new AgentFleet(loop, gateway.port()).operatorToken();
        try (PieceLoad streams = new CompletionLoad(loop, piecesASecond, gateway.port(), token, count);
                PieceLoad chats = load(loop, gateway, count);
                PieceLoad proxied = load(loop, bare, count)) {
            Costed ofStreams = new Costed(streams, gateway);
            Costed ofChats = new Costed(chats, gateway);
            List<Sample> told = new ArrayList<>();
            List<Sample> chatted = new ArrayList<>();
            List<Sample> passed = new ArrayList<>();
            for (int i = -plan.warmUps(); i < plan.rounds(); i++) {
                List<Sample> round = List.of(
                        ofStreams.round(plan.round()), ofChats.round(plan.round()), proxied.round(plan.round()));
                if (i >= 0) {
                    told.add(round.get(0));
                    chatted.add(round.get(1));
                    passed.add(round.get(2));
                }
            }
            return new CompletionFigures(
                    count, piecesASecond, told, chatted, passed, ofStreams.share(), ofChats.share());
        }
    }

    private ChatFigures measure(LoadLoop loop, ServerProcess gateway, ServerProcess peer, int count) {
        try (ChatLoad ours = load(loop, gateway, count);
                ChatLoad theirs = load(loop, peer, count)) {
            Costed gatewayLoad = new Costed(ours, gateway);
            Costed peerLoad = new Costed(theirs, peer);
            Comparison compared = Comparison.run("chat", gatewayLoad, peerLoad, plan.peerName(), plan);
            return new ChatFigures(count, piecesASecond, compared, gatewayLoad.share(), peerLoad.share());
        }
    }

    private ChatLoad load(LoadLoop loop, ServerProcess server, int count) {
        ChatLoad load = new ChatLoad(loop, piecesASecond);
        if (server.kind() == ServerKind.GATEWAY) {
            load.openGateway(server.port(), count);
        } else {
            load.openProxy(server.port(), count);
        }
        return load;
    }

    private static List<String> gatewaySettings(String address) {
        return List.of(
                "http.port=0",
                "auth.admin_password=" + AgentFleet.PASSWORD,
                "llm.model=bench",
                "llm.max_history=1KiB", // each round asks the same, however many there were
                address);
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The benchmark cannot go on", e);
        }
    }

    /** Tells what of a core a server takes while it is worked. */
    private static final class Costed implements Load {
        private final Load load;
        private final ServerProcess server;
        private final List<Double> shares = new ArrayList<>();

        Costed(Load load, ServerProcess server) {
            this.load = load;
            this.server = server;
        }

        @Override
        public Sample round(Duration duration) {
            long cpu = server.processorNanos();
            Sample sample = load.round(duration);
            shares.add((server.processorNanos() - cpu) / (double) sample.nanos());
            return sample;
        }

        double share() {
            return Comparison.median(shares);
        }

        @Override
        public void close() {
            load.close();
        }
    }
}
