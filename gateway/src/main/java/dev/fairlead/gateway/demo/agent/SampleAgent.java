package dev.fairlead.gateway.demo.agent;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenState;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.ConnectionState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** One sample agent in this process: what all of them do, around what its role does. */
public final class SampleAgent {
    private final TimeSource time = TimeSource.system();
    private final long startedAt = time.nanos();
    private final CompletableFuture<ConnectionState.Stopped> stopped = new CompletableFuture<>();
    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
    private final Role role;
    private final AgentLog log;
    private final AgentClient client;
    private final VertxScheduler scheduler = new VertxScheduler(vertx);
    private final Work work;
    private Optional<TokenState> tokenState = Optional.empty();

    /** What a role does. It is called on the client's context alone. */
    interface Work {
        /** Sets handlers; nothing is connected yet. */
        void prepare();

        /** The first registration is through. */
        void begin();

        /** A registration is through, the first or one after a lost connection. */
        default void connected() {}

        /** What it tells of itself when it is asked for its status. */
        Map<String, Object> status();
    }

    /**
     * An agent that does nothing yet.
     *
     * @param environment as the gateway gives it to the instances it starts
     * @param folder where its permanent token is kept
     * @throws FairleadException where the environment is not that of an instance
     */
    public SampleAgent(Role role, Map<String, String> environment, Path folder, PrintStream out) {
        this.role = role;
        log = new AgentLog(out, time);
        client = AgentClient.create(
                vertx,
                AgentClientOptions.fromEnvironment(environment)
                        .withTokenRoot(folder)
                        .withVersion(Version.current())
                        .withCapabilities(List.of("ping", "echo", "status", "chat")));
        work = work();
    }

    private Work work() {
        SplittableRandom random = new SplittableRandom();
        return switch (role) {
            case PLANNER -> new Planner(client, scheduler, time, random, log);
            case WORKER -> new Worker(client, scheduler, random, log);
            case SCOUT -> new Scout(client, scheduler, time, random, log);
        };
    }

    /** Runs until it is closed or told that another attempt would be no use, and answers why. */
    public ConnectionState.Stopped untilStopped() {
        try {
            client.onState(this::told)
                    .onTokenState(this::told)
                    .onProblem(log::warn)
                    .onRequest("ping", request -> Future.succeededFuture(Map.of("pong", true)))
                    .onRequest("echo", request -> Future.succeededFuture(request.data()))
                    .onRequest("status", request -> Future.succeededFuture(status()));
            new Conversation(client, scheduler, log, role, this::status).prepare();
            work.prepare();
            client.start().onSuccess(registered -> work.begin());
            return stopped.join();
        } finally {
            vertx.close();
        }
    }

    /** Says good-bye; may be called from any thread. */
    public void close() {
        client.close();
    }

    private Map<String, Object> status() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("role", role.wire());
        all.put("uptime_seconds", Duration.ofNanos(time.nanos() - startedAt).toSeconds());
        tokenState.ifPresent(state -> all.put("upstream_token", state.wire()));
        all.putAll(work.status());
        return all;
    }

    private void told(ConnectionState state) {
        if (state instanceof ConnectionState.Ready) {
            log.info("registered with the gateway as " + role.wire());
            work.connected();
        } else if (state instanceof ConnectionState.Disconnected lost) {
            log.warn(lost.reason() + "; next attempt in " + lost.retryIn().toMillis() + " ms");
        } else if (state instanceof ConnectionState.Stopped end) {
            log.info(end.reason());
            stopped.complete(end);
        }
    }

    /** Each registration tells it anew; what did not change is not worth a line. */
    private void told(TokenState state) {
        if (!tokenState.equals(Optional.of(state))) {
            tokenState = Optional.of(state);
            if (state.usable()) {
                log.info("the upstream token is " + state.wire());
            } else {
                log.warn("the upstream token is " + state.wire() + ": what needs it waits");
            }
        }
    }
}
