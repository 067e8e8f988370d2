package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The agent's end of ACP, over two pipes: who has started this process is its client. */
public final class AcpServer implements AcpPeer.Handler {
    private static final int INVALID_REQUEST = -32_600;

    private final AcpMind mind;
    private final AcpLink link;
    private final LineReader reader;
    private final LineWriter writer;
    private final Map<String, AcpTurn> turns = new HashMap<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** A server that does not listen yet; all of it, and the mind, is on that context. */
    public AcpServer(Vertx vertx, Context context, InputStream in, OutputStream out, AcpMind mind) {
        this.mind = mind;
        this.writer = new LineWriter(out, why -> ended.complete(null));
        this.link = new AcpLink(this, new VertxScheduler(vertx), writer::write);
        this.reader = new LineReader(
                in, line -> context.runOnContext(go -> heard(line)), why -> context.runOnContext(go -> gone(why)));
    }

    /** Serves until the client closes its end. */
    public void untilEnded() {
        writer.start("acp-output");
        reader.start("acp-input");
        ended.join();
    }

    /** Ends it; may be called from any thread. */
    public void close() {
        ended.complete(null);
    }

    private void heard(String line) {
        reader.handled();
        link.heard(line);
    }

    private void gone(String why) {
        link.gone(why);
        ended.complete(null);
    }

    @Override
    public boolean asked(String method, JsonNode params, AcpPeer.Reply reply) {
        String session = params.path("sessionId").asText();
        switch (method) {
            case "initialize" -> reply.result(about());
            case "authenticate" -> reply.result(FrameCodec.object());
            case "session/new" -> {
                if (!absolute(params.path("cwd").asText())) {
                    reply.refuse(AcpPeer.INVALID_PARAMS, "Field 'cwd' is the absolute path of a folder");
                } else {
                    answer(mind.open().map(id -> FrameCodec.object().put("sessionId", id)), reply);
                }
            }
            case "session/load" ->
                answer(mind.load(session, new AcpTurn(link, session, "")).map(loaded -> FrameCodec.object()), reply);
            case "session/prompt" -> prompt(session, params.path("prompt"), reply);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean absolute(String cwd) {
        return cwd.startsWith("/") || cwd.matches("[A-Za-z]:[\\\\/].*");
    }

    private ObjectNode about() {
        ObjectNode about = FrameCodec.object().put("protocolVersion", AcpAgent.PROTOCOL_VERSION);
        ObjectNode capabilities = about.putObject("agentCapabilities").put("loadSession", true);
        capabilities
                .putObject("promptCapabilities")
                .put("image", false)
                .put("audio", false)
                .put("embeddedContext", true);
        about.putObject("agentInfo")
                .put("name", "fairlead")
                .put("title", mind.title())
                .put("version", Version.current());
        about.putArray("authMethods");
        return about;
    }

    private void prompt(String session, JsonNode blocks, AcpPeer.Reply reply) {
        List<String> texts = new ArrayList<>();
        blocks.forEach(block -> texts.add(ContentText.block(block)));
        texts.removeIf(String::isBlank);
        if (texts.isEmpty()) {
            reply.refuse(AcpPeer.INVALID_PARAMS, "Field 'prompt' has no text");
        } else if (turns.containsKey(session)) {
            reply.refuse(INVALID_REQUEST, "A prompt of this session is being answered; cancel it, or wait for its end");
        } else {
            AcpTurn turn = new AcpTurn(link, session, String.join("\n\n", texts));
            turns.put(session, turn);
            answer(
                    mind.prompt(turn).onComplete(done -> turns.remove(session)).map(reason -> FrameCodec.object()
                            .put("stopReason", reason)),
                    reply);
        }
    }

    private static void answer(Future<ObjectNode> answer, AcpPeer.Reply reply) {
        answer.onSuccess(reply::result).onFailure(failure -> {
            int code = failure instanceof FairleadException known && known.code() == ErrorCode.NOT_FOUND
                    ? AcpPeer.NOT_FOUND
                    : AcpPeer.INTERNAL;
            reply.refuse(code, String.valueOf(failure.getMessage()));
        });
    }

    @Override
    public void told(String method, JsonNode params) {
        if (method.equals("session/cancel")) {
            Optional.ofNullable(turns.get(params.path("sessionId").asText())).ifPresent(AcpTurn::cancel);
        }
    }
}
