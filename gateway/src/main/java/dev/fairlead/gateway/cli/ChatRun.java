package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.ChatCommand.Connect;
import dev.fairlead.protocol.CloseCode;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** A conversation between stdin and stdout, over as many connections as it takes. All state is on one event loop. */
final class ChatRun implements ChatLink.Listener, ChatDialogue.Gateway {
    private static final long PING_MS = 30_000;
    private static final long READ_AGAIN_MS = 1_000;

    /** Lines that are read and not sent yet; the rest waits in the pipe. */
    private static final int MOST_LINES = 64;

    private final Console console;
    private final GatewayOptions options;
    private final Optional<String> name;
    private final Optional<String> agent;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private final Semaphore room = new Semaphore(MOST_LINES);
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final ChatOutput output;
    private final ChatDialogue dialogue;
    private final ChatLink link;
    private Optional<String> session;
    private boolean resumed;
    private boolean joined; // what is told before the gateway heard us is told again after it

    ChatRun(
            Console console,
            GatewayOptions options,
            Optional<String> session,
            Optional<String> name,
            Optional<String> agent) {
        this.console = console;
        this.options = options;
        this.session = session;
        this.name = name;
        this.agent = agent;
        this.output = new ChatOutput(console);
        this.dialogue = new ChatDialogue(this, output, room::release);
        this.link = new ChatLink(vertx, context, options, this::query, this);
    }

    ExitStatus run() {
        try {
            link.open(options.given());
            TerminationSignals.onInterrupt(
                    () -> context.runOnContext(turn -> dialogue.interrupted()),
                    () -> context.runOnContext(turn -> leave(ExitStatus.OK)));
            Thread typing = new Thread(this::type, "stdin");
            typing.setDaemon(true);
            typing.start();
            vertx.setPeriodic(PING_MS, id -> context.runOnContext(turn -> dialogue.ping()));
            return ended.join();
        } finally {
            link.close().onComplete(closed -> vertx.close());
        }
    }

    @Override
    public void opened() {
        link.send(new Connect(Optional.empty(), Optional.of("fairlead chat"), Optional.empty()));
    }

    @Override
    public void heard(JsonNode frame) {
        switch (frame.path("type").asText()) {
            case "session_start" -> {
                session = Optional.of(frame.path("session_id").asText());
                resumed = frame.path("resumed").asBoolean();
                joined = false;
                output.session(frame);
            }
            case "connected" -> {
                joined = true;
                dialogue.connected(resumed);
            }
            case "error" -> dialogue.heard(frame);
            default -> {
                if (joined) {
                    dialogue.heard(frame);
                }
            }
        }
    }

    @Override
    public void lost(Optional<CloseCode> how, String why, Duration retryIn) {
        dialogue.lost();
        if (how.equals(Optional.of(CloseCode.TOO_BIG))) {
            output.note("the message is larger than the gateway takes (ws.max_message): not sent");
            dialogue.refused();
        }
        say(why + "; next attempt in " + retryIn.toMillis() + " ms");
    }

    @Override
    public void over(ExitStatus status, String why) {
        say(why);
        leave(status);
    }

    @Override
    public void send(ChatCommand command) {
        link.send(command);
    }

    @Override
    public void read(Optional<String> key, Consumer<Optional<List<JsonNode>>> then) {
        context.executeBlocking(() -> new ChatHistory(new GatewayCalls(options), session.orElseThrow()).backTo(key))
                .onSuccess(messages -> then.accept(Optional.of(messages)))
                .onFailure(failure -> vertx.setTimer(READ_AGAIN_MS, due -> then.accept(Optional.empty())));
    }

    @Override
    public void leave(ExitStatus status) {
        if (!ended.isDone()) {
            output.end(session);
            ended.complete(status);
        }
    }

    private void type() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String typed = line.strip();
                if (!typed.isEmpty()) {
                    room.acquire();
                    context.runOnContext(turn -> dialogue.typed(typed));
                }
            }
        } catch (IOException e) {
            say("stdin cannot be read: " + e.getMessage());
        } catch (InterruptedException e) {
            return; // it is over
        }
        context.runOnContext(turn -> dialogue.inputEnded());
    }

    private String query() {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        session.ifPresent(id -> query.add("session_id=" + GatewayCommand.encoded(id)));
        name.ifPresent(text -> query.add("name=" + GatewayCommand.encoded(text)));
        agent.ifPresent(text -> query.add("agent=" + GatewayCommand.encoded(text)));
        return query.toString();
    }

    private void say(String what) {
        console.err().println("fairlead: " + what);
    }
}
