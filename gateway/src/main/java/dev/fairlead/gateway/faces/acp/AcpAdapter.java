package dev.fairlead.gateway.faces.acp;

import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.client.AgentClient;
import dev.fairlead.protocol.client.AgentClientOptions;
import dev.fairlead.protocol.client.AgentTurn;
import dev.fairlead.protocol.client.ConnectionState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * An agent of the fleet whose mind is another program, which speaks ACP over its stdin and stdout: the process of an
 * instance. It lives as long as that program does.
 */
public final class AcpAdapter {
    private static final int MOST_GARBAGE_TOLD = 3;
    private static final int MOST_GARBAGE_SHOWN = 200;
    private static final int FAILED = 1;

    /**
     * What it is to be.
     *
     * @param command the program that speaks ACP
     * @param folder where its token and its sessions are kept
     * @param cwd of the agent's sessions, absolute
     * @param allowed what may be done for the agent in {@code cwd}: {@code fs}, {@code terminal}
     * @param environment as the gateway gives it to the instances it starts
     * @param setsid the program that starts another in a process group of its own, where there is one
     */
    public record Options(
            List<String> command,
            Path folder,
            Path cwd,
            Set<String> allowed,
            Map<String, String> environment,
            Optional<Path> setsid) {
        public Options {
            command = List.copyOf(command);
            allowed = Set.copyOf(allowed);
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return "Options[" + folder + "]";
        }
    }

    private final Vertx vertx = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final Options options;
    private final PrintStream out;
    private final SessionFile sessions;
    private final Terminals terminals;
    private Optional<AcpProcess> process = Optional.empty();
    private Optional<AcpAgent> agent = Optional.empty();
    private Optional<AgentClient> client = Optional.empty();
    private int garbage;

    public AcpAdapter(Options options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.sessions = new SessionFile(options.folder());
        this.terminals = new Terminals(environment(options), options.setsid());
    }

    /** Runs until the program ends, the gateway wants it no more, or it is closed; answers the exit code. */
    public int untilEnded() {
        try {
            context.runOnContext(go -> begin());
            return ended.join();
        } finally {
            process.ifPresent(AcpProcess::end);
            terminals.end();
            vertx.close();
        }
    }

    /** Ends it; may be called from any thread. */
    public void close() {
        context.runOnContext(go -> finish(0, "it is told to end"));
    }

    private void begin() {
        onWorker(sessions::read)
                .compose(kept -> {
                    AcpConversations conversations = new AcpConversations(kept, this::keep);
                    AcpAgent made = new AcpAgent(
                            new VertxScheduler(vertx), this::write, options.cwd(), conversations, methods());
                    agent = Optional.of(made);
                    return onWorker(this::start).compose(started -> {
                        process = Optional.of(started);
                        Future.fromCompletionStage(started.exit(), context).onSuccess(this::exited);
                        return made.initialize();
                    });
                })
                .onSuccess(ready -> connect(agent.orElseThrow()))
                .onFailure(failure -> finish(FAILED, failure.getMessage()));
    }

    private ClientMethods methods() {
        return new AllowedMethods(context, new WorkingFolder(options.cwd()), options.allowed(), terminals);
    }

    private AcpProcess start() throws IOException {
        return AcpProcess.start(
                options.command(),
                environment(options),
                options.setsid(),
                line -> context.runOnContext(go -> heard(line)),
                why -> context.runOnContext(go -> broken(why)));
    }

    /** Without the token: it is this process's, and spent by its registration. */
    private static Map<String, String> environment(Options options) {
        Map<String, String> environment = new HashMap<>(options.environment());
        environment.remove("FAIRLEAD_TOKEN");
        return environment;
    }

    private void write(byte[] line) {
        process.ifPresent(running -> running.write(line));
    }

    private void heard(String line) {
        process.ifPresent(AcpProcess::handled);
        if (!agent.orElseThrow().heard(line) && !line.isBlank() && garbage < MOST_GARBAGE_TOLD) {
            garbage++;
            say("the agent wrote a line that is no message: " + ContentText.cut(line, MOST_GARBAGE_SHOWN));
        }
    }

    private void connect(AcpAgent made) {
        AgentClientOptions named = AgentClientOptions.fromEnvironment(options.environment());
        AgentClient connected = AgentClient.create(
                vertx,
                named.withTokenRoot(options.folder())
                        .withVersion(Version.current())
                        .withCapabilities(List.of("acp", "chat", "messages")));
        client = Optional.of(connected);
        MessagePrompts messages = new MessagePrompts(made, this::say);
        connected.onState(this::told).onProblem(this::say).onChat(chat(made));
        connected.messages().onMessage(messages::handle);
        say(made.name() + " is ready");
        connected.start();
    }

    private static Function<AgentTurn, Future<String>> chat(AcpAgent made) {
        return turn -> made.prompt("chat:" + turn.sessionId(), turn.history(), turn.content(), new ChatAudience(turn));
    }

    private void told(ConnectionState state) {
        if (state instanceof ConnectionState.Ready) {
            say("registered with the gateway");
        } else if (state instanceof ConnectionState.Disconnected lost) {
            say(lost.reason() + "; next attempt in " + lost.retryIn().toMillis() + " ms");
        } else if (state instanceof ConnectionState.Stopped end) {
            finish(end.code().isPresent() ? FAILED : 0, end.reason());
        }
    }

    /** What it was asked fails with word of it, which is told before the connection is closed. */
    private void exited(int code) {
        finish(code == 0 ? FAILED : code, "the agent's program ended with exit code " + code);
    }

    private void broken(String why) {
        finish(FAILED, "the agent cannot be spoken to: " + why);
    }

    private void finish(int code, String why) {
        if (ended.isDone()) {
            return;
        }
        say(why);
        agent.ifPresent(one -> one.gone(why));
        client.map(AgentClient::close).orElseGet(Future::succeededFuture).onComplete(closed -> ended.complete(code));
    }

    private void keep(Map<String, String> now) {
        onWorker(() -> {
                    sessions.write(now);
                    return true;
                })
                .onFailure(failure -> say("which sessions there are cannot be kept: " + failure.getMessage()));
    }

    private <T> Future<T> onWorker(Callable<T> work) {
        return context.executeBlocking(work, true);
    }

    private void say(String what) {
        out.println("acp: " + what);
    }
}
