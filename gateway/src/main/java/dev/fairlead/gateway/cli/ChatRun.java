package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.ChatCommand.Abort;
import dev.fairlead.protocol.ChatCommand.Approve;
import dev.fairlead.protocol.ChatCommand.Connect;
import dev.fairlead.protocol.ChatCommand.Deny;
import dev.fairlead.protocol.ChatCommand.Message;
import dev.fairlead.protocol.ChatCommand.Ping;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A conversation between stdin and stdout, over as many connections as it takes. All state is on one event loop. */
final class ChatRun {
    private static final int MOST_MESSAGE_BYTES = 16 << 20;
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final long PING_MS = 30_000;
    private static final long MOST_RETRY_MS = 30_000;

    private final Console console;
    private final GatewayOptions options;
    private final URI gateway;
    private final Optional<String> name;
    private final Optional<String> agent;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private final Deque<Message> unsent = new ArrayDeque<>();
    private final Deque<String> approvals = new ArrayDeque<>();
    private final ChatOutput output;
    private Optional<Secret> bearer;
    private Optional<String> session;
    private Context context;
    private WebSocketClient client;
    private WebSocket socket; // null while there is none
    private int open; // messages sent whose turn has not ended
    private boolean inputEnded;
    private boolean aborting;
    private long retryIn = 1_000;

    ChatRun(
            Console console,
            GatewayOptions options,
            Optional<String> session,
            Optional<String> name,
            Optional<String> agent) {
        this.console = console;
        this.options = options;
        this.gateway = options.url();
        this.bearer = Optional.empty();
        this.session = session;
        this.name = name;
        this.agent = agent;
        this.output = new ChatOutput(console);
    }

    ExitStatus run() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        context = vertx.getOrCreateContext();
        try {
            bearer = options.given().map(this::token);
            client = vertx.createWebSocketClient(new WebSocketClientOptions()
                    .setMaxFrameSize(MOST_MESSAGE_BYTES)
                    .setMaxMessageSize(MOST_MESSAGE_BYTES)
                    .setTryUsePerMessageCompression(false));
            context.runOnContext(turn -> connect());
            TerminationSignals.onInterrupt(
                    () -> context.runOnContext(turn -> interrupted()),
                    () -> context.runOnContext(turn -> end(ExitStatus.OK)));
            Thread typing = new Thread(this::read, "stdin");
            typing.setDaemon(true);
            typing.start();
            vertx.setPeriodic(PING_MS, id -> context.runOnContext(turn -> send(new Ping())));
            return ended.join();
        } finally {
            client.close().onComplete(closed -> vertx.close());
        }
    }

    private void connect() {
        client.connect(handshake())
                .recover(this::asOwner)
                .onSuccess(this::opened)
                .onFailure(this::refused);
    }

    /** A gateway that wants to know who asks is told by the password it made, where nothing else was given. */
    private Future<WebSocket> asOwner(Throwable refusal) {
        if (refusal instanceof UpgradeRejectedException rejected && rejected.getStatus() == 401 && bearer.isEmpty()) {
            return context.executeBlocking(() -> options.keptPassword().map(this::token))
                    .compose(token -> {
                        bearer = token;
                        return token.isPresent() ? client.connect(handshake()) : Future.failedFuture(refusal);
                    });
        }
        return Future.failedFuture(refusal);
    }

    /** A password opens no socket: it is changed for a token first. */
    private Secret token(Secret given) {
        if (given.reveal().startsWith("eyJ")) {
            return given;
        }
        JsonNode login =
                new GatewayCalls(options).post("/api/login", FrameCodec.object().put("password", given.reveal()));
        return Secret.of(login.path("token").asText());
    }

    private WebSocketConnectOptions handshake() {
        boolean tls = gateway.getScheme().equals("https");
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        session.ifPresent(id -> query.add("session_id=" + encoded(id)));
        name.ifPresent(text -> query.add("name=" + encoded(text)));
        agent.ifPresent(text -> query.add("agent=" + encoded(text)));
        WebSocketConnectOptions handshake = new WebSocketConnectOptions()
                .setHost(gateway.getHost())
                .setPort(gateway.getPort() < 0 ? (tls ? 443 : 80) : gateway.getPort())
                .setSsl(tls)
                .setURI(Optional.ofNullable(gateway.getRawPath()).orElse("") + "/ws/chat" + query)
                .setAllowOriginHeader(false)
                .addSubProtocol("fairlead.v1");
        handshake.setTimeout(CONNECT_TIMEOUT_MS);
        bearer.ifPresent(secret -> handshake.putHeader("Authorization", "Bearer " + secret.reveal()));
        return handshake;
    }

    private void opened(WebSocket fresh) {
        socket = fresh;
        fresh.textMessageHandler(this::heard);
        fresh.exceptionHandler(ignored -> {}); // the close follows
        fresh.closeHandler(closed -> closed(fresh));
        send(new Connect(Optional.empty(), Optional.of("fairlead chat"), Optional.empty()));
    }

    private void heard(String text) {
        JsonNode frame;
        try {
            frame = FrameCodec.tree(text);
        } catch (FairleadException notJson) {
            return;
        }
        switch (frame.path("type").asText()) {
            case "session_start" -> {
                session = Optional.of(frame.path("session_id").asText());
                output.session(frame);
            }
            case "connected" -> {
                retryIn = 1_000;
                unsent.forEach(this::send);
            }
            case "tool_call" -> {
                output.show(frame);
                if (frame.has("approval")) {
                    approvals.addLast(frame.path("id").asText());
                    output.ask(frame);
                }
            }
            case "tool_result" -> {
                approvals.remove(frame.path("id").asText());
                output.show(frame);
            }
            case "done", "aborted", "error" -> {
                output.show(frame);
                aborting = false;
                unsent.poll();
                open = Math.max(0, open - 1);
                endIfDone();
            }
            default -> output.show(frame);
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String typed = line.strip();
                if (!typed.isEmpty()) {
                    context.runOnContext(turn -> typed(typed));
                }
            }
        } catch (IOException e) {
            console.err().println("fairlead: stdin cannot be read: " + e.getMessage());
        }
        context.runOnContext(turn -> {
            inputEnded = true;
            endIfDone();
        });
    }

    private void typed(String line) {
        if (!approvals.isEmpty()) {
            String answer = line.toLowerCase(Locale.ROOT);
            if (answer.equals("y") || answer.equals("yes")) {
                send(new Approve(approvals.removeFirst()));
                return;
            }
            if (answer.equals("n") || answer.equals("no")) {
                send(new Deny(approvals.removeFirst()));
                return;
            }
        }
        // With a key, so that it can be sent again after a lost connection and still counts once.
        Message message = new Message(
                line, Optional.empty(), Optional.of(UUID.randomUUID().toString()));
        unsent.addLast(message);
        open++;
        send(message);
    }

    private void interrupted() {
        if (open > 0 && socket != null && !aborting) {
            aborting = true;
            send(new Abort());
        } else {
            end(ExitStatus.OK);
        }
    }

    private void endIfDone() {
        if (inputEnded && open == 0) {
            end(ExitStatus.OK);
        }
    }

    private void send(dev.fairlead.protocol.ChatCommand command) {
        if (socket != null && !socket.isClosed()) {
            socket.writeTextMessage(new String(FrameCodec.encode(command), StandardCharsets.UTF_8));
        }
    }

    private void closed(WebSocket gone) {
        if (socket != gone) {
            return;
        }
        socket = null;
        int code =
                Optional.ofNullable(gone.closeStatusCode()).map(Short::intValue).orElse(1006);
        Optional<CloseCode> known = CloseCode.of(code);
        if (ended.isDone()) {
            return;
        }
        if (known.filter(one -> one.terminal() || one == CloseCode.NORMAL || one == CloseCode.CHAT_AGENT_FAILED)
                .isPresent()) {
            console.err().println("fairlead: closed with " + code + ": " + gone.closeReason());
            end(WsSession.status(known.get()));
        } else {
            again("the connection is lost");
        }
    }

    private void refused(Throwable failure) {
        if (failure instanceof UpgradeRejectedException rejected && rejected.getStatus() != 503) {
            console.err()
                    .println("fairlead: the gateway refused with " + rejected.getStatus()
                            + Optional.ofNullable(rejected.getBody())
                                    .map(body -> ": " + body)
                                    .orElse(""));
            end(
                    rejected.getStatus() == 401 || rejected.getStatus() == 403
                            ? ExitStatus.UNAUTHORIZED
                            : ExitStatus.FAILED);
        } else if (session.isEmpty()) {
            console.err().println("fairlead: Cannot reach the gateway at " + gateway + ": " + failure.getMessage());
            end(ExitStatus.UNREACHABLE);
        } else {
            again("the gateway is not there");
        }
    }

    private void again(String why) {
        console.err().println("fairlead: " + why + "; next attempt in " + retryIn / 1_000 + " s");
        context.owner().setTimer(retryIn, id -> connect());
        retryIn = Math.min(retryIn * 2, MOST_RETRY_MS);
    }

    private void end(ExitStatus status) {
        output.end(session);
        ended.complete(status);
        if (socket != null) {
            socket.close((short) CloseCode.NORMAL.code(), "");
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
