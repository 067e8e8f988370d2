package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.Gateway;
import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.concurrent.ExecutionException;

/** A server to be measured, in this process, until its standard input ends. */
public final class BenchTarget {
    /** About what an event weighs besides its reason. */
    private static final int EVENT_BYTES = 170;

    private final TimeSource time = TimeSource.system();
    private final InputStream in;
    private final PrintStream out;

    /**
     * Makes a target; nothing runs yet.
     *
     * @param in the server ends when this ends
     * @param out is told the ports once the server listens
     */
    public BenchTarget(InputStream in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /** Runs {@code kind}; {@code settings} are the gateway's. */
    public void run(ServerKind kind, Settings settings) throws IOException, InterruptedException {
        if (kind == ServerKind.CHAT_PROXY) {
            Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
            ChatProxyVerticle proxy =
                    new ChatProxyVerticle(settings.llm().baseUrl().orElseThrow());
            ControlVerticle control = new ControlVerticle(ignored -> (count, bytes) -> {});
            await(vertx.deployVerticle(proxy).compose(ignored -> vertx.deployVerticle(control)));
            serve(proxy.port(), control.port());
        } else if (kind == ServerKind.GATEWAY) {
            Gateway gateway = await(Gateway.start(settings));
            ControlVerticle control = new ControlVerticle(this::news);
            await(gateway.deploy(() -> control, 1));
            serve(gateway.port(), control.port());
        } else {
            Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
            BareServerVerticle bare = new BareServerVerticle();
            ControlVerticle control = new ControlVerticle(ignored -> bare::publish);
            await(vertx.deployVerticle(bare).compose(ignored -> vertx.deployVerticle(control)));
            serve(bare.port(), control.port());
        }
    }

    /** The news of an agent nobody knows: it takes the way of all news, and changes nothing. */
    private ControlVerticle.Source news(Vertx vertx) {
        Bus bus = Bus.on(vertx);
        return (count, bytes) -> {
            String reason = "r".repeat(Math.max(1, bytes - EVENT_BYTES));
            for (int i = 0; i < count; i++) {
                bus.publish(
                        AgentEvent.class,
                        new AgentEvent.StatusChanged("bench", AgentStatus.STALE, 0, time.instant(), reason));
            }
        };
    }

    private void serve(int port, int controlPort) throws IOException {
        out.println("ready " + port + " " + controlPort);
        out.flush();
        while (in.read() >= 0) {
            // until whoever started this is gone
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The server to be measured did not start", e.getCause());
        }
    }
}
