package dev.fairlead.gateway.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.Function;

/**
 * The load's line into a server it measures: what is to be published, how much memory is used, what takes the
 * processor.
 */
final class ControlVerticle extends VerticleBase {
    /** Publishes events; called on this verticle's event loop. */
    @FunctionalInterface
    interface Source {
        void publish(int count, int bytes);
    }

    private final Function<Vertx, Source> makesSource;
    private Source source;
    private NetServer server;
    private volatile Optional<StageSampler> sampler = Optional.empty(); // while it is asked for stages

    ControlVerticle(Function<Vertx, Source> makesSource) {
        this.makesSource = makesSource;
    }

    @Override
    public Future<?> start() {
        source = makesSource.apply(vertx);
        server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
        return server.connectHandler(this::connected).listen(0, "127.0.0.1");
    }

    int port() {
        return server.actualPort();
    }

    private void connected(NetSocket socket) {
        socket.handler(RecordParser.newDelimited("\n", line -> heard(socket, line.toString())));
    }

    private void heard(NetSocket socket, String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals("publish")) {
            source.publish(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        } else if (words[0].equals("stages")) {
            vertx.executeBlocking(this::stages).onSuccess(told -> socket.write(told + "\n"));
        } else {
            vertx.executeBlocking(ControlVerticle::heap).onSuccess(bytes -> socket.write(bytes + "\n"));
        }
    }

    /** Begins to look, or ends it and says what was seen. */
    private String stages() throws InterruptedException {
        Optional<StageSampler> looking = sampler;
        sampler = looking.isEmpty() ? Optional.of(new StageSampler()) : Optional.empty();
        return looking.isEmpty() ? "begun" : looking.get().end().line();
    }

    private static long heap() {
        ManagementFactory.getMemoryMXBean().gc();
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
