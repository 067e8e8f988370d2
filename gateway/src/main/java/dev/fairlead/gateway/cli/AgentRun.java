package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.TokenState;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.AgentRequest;
import dev.fairlead.protocol.client.AgentTokenFile;
import dev.fairlead.protocol.client.AgentTurn;
import dev.fairlead.protocol.client.ConnectionState;
import dev.fairlead.protocol.client.ReceivedMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The reference agent at work: what it does is told on stderr. */
final class AgentRun {

    private final Console console;
    private final AgentClientOptions options;
    private final Optional<String> exec;
    private final int concurrency;
    private final Runnable proof;
    private final TimeSource time = TimeSource.system();
    private final long startedAt = time.nanos();
    private final CompletableFuture<ConnectionState.Stopped> stopped = new CompletableFuture<>();
    private Optional<TokenState> tokenState = Optional.empty();

    /**
     * An agent.
     *
     * @param exec the shell command that handles messages; without one they are printed and acknowledged
     * @param concurrency how many of those commands may run at a time
     * @param proof what whoever listens there is asked for before a token is shown to them; blocks
     */
    AgentRun(
            Console console,
            String url,
            String name,
            Optional<String> token,
            Optional<String> exec,
            int concurrency,
            Runnable proof) {
        this.exec = exec;
        this.proof = proof;
        this.concurrency = concurrency;
        this.console = console;
        Path tokens = console.home().resolve(".fairlead").resolve("agents");
        AgentClientOptions withoutToken = AgentClientOptions.of(url, name)
                .withTokenRoot(tokens)
                .withVersion(Version.current())
                .withCapabilities(List.of("ping", "echo", "status", "chat"));
        this.options = token.map(withoutToken::withToken).orElse(withoutToken);
    }

    ExitStatus untilStopped() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            AgentClient agent = AgentClient.create(vertx, options.withProof(() -> proven(vertx)));
            agent.onState(this::told)
                    .onTokenState(this::told)
                    .onProblem(this::say)
                    .onRequest("ping", request -> Future.succeededFuture(Map.of("pong", true)))
                    .onRequest("echo", request -> Future.succeededFuture(request.data()))
                    .onRequest("status", request -> Future.succeededFuture(status(request)))
                    .onChat(this::echo);
            Optional<MessageExec> commands = exec.map(command -> new MessageExec(vertx, command, concurrency, console));
            agent.messages().onMessage(message -> commands.map(handler -> handler.handle(message))
                    .orElseGet(() -> print(message)));
            TerminationSignals.onFirst(() -> {
                agent.close();
                commands.ifPresent(MessageExec::close);
            });
            agent.start();
            return StoppedClient.status(stopped.join());
        } finally {
            vertx.close();
        }
    }

    private Future<Void> proven(Vertx vertx) {
        return vertx.executeBlocking(() -> {
                    proof.run();
                    return (Void) null;
                })
                .recover(failure ->
                        Future.failedFuture(failure instanceof CommandFailure refused ? told(refused) : failure));
    }

    /** Where nobody listens, somebody may later; to who is not the gateway it is no use to come back. */
    private static FairleadException told(CommandFailure refused) {
        return new FairleadException(
                refused.status() == ExitStatus.UNREACHABLE ? ErrorCode.CONNECTION_LOST : ErrorCode.UNAUTHORIZED,
                refused.getMessage());
    }

    private Future<Void> print(ReceivedMessage message) {
        console.out().println(new String(MessageExec.json(message), StandardCharsets.UTF_8));
        return Future.succeededFuture();
    }

    /** It has no mind of its own, and says so. */
    private Future<String> echo(AgentTurn turn) {
        String heard = "This is the reference agent " + options.name() + ", which only repeats. You said: ";
        turn.chunk(heard);
        turn.chunk(turn.content());
        return Future.succeededFuture(heard + turn.content());
    }

    private Map<String, Object> status(AgentRequest request) {
        return Map.of(
                "name", options.name(),
                "uptime_seconds", Duration.ofNanos(time.nanos() - startedAt).toSeconds(),
                "pid", ProcessHandle.current().pid(),
                "java", Runtime.version().toString(),
                "asked_by", request.from().orElse("gateway"));
    }

    private void told(ConnectionState state) {
        if (state instanceof ConnectionState.Connecting) {
            say("connecting");
        } else if (state instanceof ConnectionState.Ready) {
            say("registered; the token is kept in " + new AgentTokenFile(options.tokenRoot(), options.name()).path());
        } else if (state instanceof ConnectionState.Disconnected lost) {
            say(GatewayAway.mended(lost.reason()) + "; next attempt in "
                    + lost.retryIn().toMillis() + " ms");
        } else if (state instanceof ConnectionState.Stopped end) {
            say(end.reason());
            stopped.complete(end);
        }
    }

    /** Each registration tells it anew; what did not change is not worth a line. */
    private void told(TokenState state) {
        if (!tokenState.equals(Optional.of(state))) {
            tokenState = Optional.of(state);
            say("the upstream token is " + state.wire());
        }
    }

    private void say(String what) {
        console.err().println("agent " + options.name() + ": " + what);
    }
}
