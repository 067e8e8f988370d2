package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.Version;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The agent at the other end of the wire, as its client sees it: initialised once, then prompted in any number of
 * conversations. Confined to one event loop.
 */
final class AcpAgent implements AcpPeer.Handler {
    static final int PROTOCOL_VERSION = 1;

    /** Real ones took up to 15 s to initialise and 8 s for a session. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A chat takes an agent for dead that says nothing for longer than this several times over. */
    private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(1);

    private static final int MOST_HISTORY = 20_000;

    private final AcpLink link;
    private final Scheduler scheduler;
    private final Path cwd;
    private final AcpConversations conversations;
    private final ClientMethods methods;
    private JsonNode about = MissingNode.getInstance();

    /**
     * An agent that has not been spoken to.
     *
     * @param cwd of its sessions, absolute
     * @param methods what may be done for it
     */
    AcpAgent(
            Scheduler scheduler,
            Consumer<byte[]> out,
            Path cwd,
            AcpConversations conversations,
            ClientMethods methods) {
        this.link = new AcpLink(this, scheduler, out);
        this.scheduler = scheduler;
        this.cwd = cwd;
        this.conversations = conversations;
        this.methods = methods;
    }

    /** Agrees on a version; fails with a text for people. */
    Future<Void> initialize() {
        ObjectNode params = FrameCodec.object().put("protocolVersion", PROTOCOL_VERSION);
        params.set("clientCapabilities", methods.capabilities());
        params.putObject("clientInfo")
                .put("name", "fairlead")
                .put("title", "Fairlead")
                .put("version", Version.current());
        return link.ask("initialize", params, PATIENCE).map(answer -> {
            if (answer.path("protocolVersion").asInt() != PROTOCOL_VERSION) {
                throw new AcpRefusal(
                        Optional.empty(),
                        "it speaks version " + answer.path("protocolVersion") + " of ACP, this gateway speaks "
                                + PROTOCOL_VERSION);
            }
            about = answer;
            return null;
        });
    }

    /** Its name and version, as it says them. */
    String name() {
        JsonNode info = about.path("agentInfo");
        String name = info.path("title").asText(info.path("name").asText("an ACP agent"));
        return info.hasNonNull("version") ? name + " " + info.get("version").asText() : name;
    }

    /**
     * Prompts it, after what was asked before in the same conversation.
     *
     * @param key of the conversation
     * @param history what was said in it, for a session that knows nothing of it
     * @return its whole answer; fails with a {@link FairleadException} for people
     */
    Future<String> prompt(String key, List<AgentData.ChatLine> history, String text, Audience audience) {
        AcpConversation conversation = conversations.get(key);
        return conversation.next(() -> audience.isOver()
                ? Future.failedFuture(new FairleadException(ErrorCode.CHAT_AGENT_ERROR, "It was aborted"))
                : open(conversation)
                        .compose(fresh -> run(conversation, fresh ? history : List.of(), text, audience))
                        .recover(failure -> Future.failedFuture(told(failure))));
    }

    boolean heard(String line) {
        return link.heard(line);
    }

    /** Its program has ended, or cannot be spoken to. */
    void gone(String why) {
        link.gone(why);
    }

    /** Makes sure of a session; answers whether it knows nothing of what was said before. */
    private Future<Boolean> open(AcpConversation conversation) {
        if (conversation.session().isPresent()) {
            return Future.succeededFuture(false);
        }
        Optional<String> kept = about.at("/agentCapabilities/loadSession").asBoolean()
                ? conversations.kept(conversation.key())
                : Optional.empty();
        return kept.map(id -> load(conversation, id)).orElseGet(() -> create(conversation));
    }

    private Future<Boolean> load(AcpConversation conversation, String id) {
        conversations.open(conversation, id);
        conversation.replaying(true);
        return link.ask("session/load", sessionParams().put("sessionId", id), PATIENCE)
                .transform(done -> {
                    conversation.replaying(false);
                    if (done.succeeded()) {
                        return Future.succeededFuture(false);
                    }
                    conversations.close(conversation);
                    return wantsLogin(done.cause()) ? Future.failedFuture(done.cause()) : create(conversation);
                });
    }

    private Future<Boolean> create(AcpConversation conversation) {
        return link.ask("session/new", sessionParams(), PATIENCE).map(made -> {
            conversations.open(conversation, made.path("sessionId").asText());
            return true;
        });
    }

    private ObjectNode sessionParams() {
        ObjectNode params = FrameCodec.object().put("cwd", cwd.toString());
        params.putArray("mcpServers");
        return params;
    }

    private Future<String> run(
            AcpConversation conversation, List<AgentData.ChatLine> history, String text, Audience audience) {
        String session = conversation.session().orElseThrow();
        ObjectNode params = FrameCodec.object().put("sessionId", session);
        var prompt = params.putArray("prompt");
        if (!history.isEmpty()) {
            prompt.addObject().put("type", "text").put("text", before(history));
        }
        prompt.addObject().put("type", "text").put("text", text);
        AcpConversation.Running running = new AcpConversation.Running(audience);
        conversation.running(Optional.of(running));
        audience.over().onSuccess(over -> {
            if (conversation.runs(running)) {
                link.tell("session/cancel", FrameCodec.object().put("sessionId", session));
            }
        });
        Scheduler.Cancellable alive = scheduler.every(
                SIGN_OF_LIFE, () -> running.show(new Shown.Status("working", "The agent is still at work")));
        return link.ask("session/prompt", params)
                .onComplete(done -> {
                    alive.cancel();
                    conversation.running(Optional.empty());
                    running.view().end().forEach(running::show);
                })
                .compose(answer -> ended(answer.path("stopReason").asText(), running));
    }

    private static Future<String> ended(String reason, AcpConversation.Running running) {
        List<Shown> last = new ArrayList<>();
        switch (reason) {
            case "refusal" -> {
                return failed("The agent refuses to go on with this");
            }
            case "cancelled" -> {
                return failed("The agent cancelled this turn");
            }
            case "max_tokens" -> running.view().text("\n\n(It stopped here: as many tokens as it may use.)", last);
            case "max_turn_requests" ->
                running.view().text("\n\n(It stopped here: as many requests to its model as it may make.)", last);
            default -> {
                // end_turn, or a reason of a later version: what it said stands.
            }
        }
        last.forEach(running::show);
        return Future.succeededFuture(running.view().text());
    }

    private static Future<String> failed(String why) {
        return Future.failedFuture(new FairleadException(ErrorCode.CHAT_AGENT_ERROR, why));
    }

    /** What a session that is new is told of a conversation that is not. */
    private static String before(List<AgentData.ChatLine> history) {
        String all = history.stream()
                .map(line -> line.role() + ": " + line.content())
                .collect(Collectors.joining("\n\n"));
        return "This was said earlier in this conversation:\n\n"
                + (all.length() <= MOST_HISTORY ? all : "…" + all.substring(all.length() - MOST_HISTORY));
    }

    private static boolean wantsLogin(Throwable failure) {
        return failure instanceof AcpRefusal refusal
                && refusal.code().filter(code -> code == AcpPeer.AUTH_REQUIRED).isPresent();
    }

    private FairleadException told(Throwable failure) {
        if (failure instanceof FairleadException known) {
            return known;
        }
        if (wantsLogin(failure)) {
            List<String> ways = new ArrayList<>();
            about.path("authMethods")
                    .forEach(way ->
                            ways.add(way.path("name").asText(way.path("id").asText())
                                    + (way.hasNonNull("description")
                                            ? " (" + way.get("description").asText() + ")"
                                            : "")));
            return new FairleadException(
                    ErrorCode.CHAT_AUTH_ERROR,
                    name() + " wants a login" + (ways.isEmpty() ? "" : ": " + String.join("; ", ways))
                            + ". Log it in on the gateway's machine, as the account the instance runs as, then ask"
                            + " again");
        }
        return new FairleadException(ErrorCode.CHAT_AGENT_ERROR, name() + " does not answer: " + failure.getMessage());
    }

    @Override
    public boolean asked(String method, JsonNode params, AcpPeer.Reply reply) {
        if (method.equals("session/request_permission")) {
            permission(params, reply);
            return true;
        }
        return methods.asked(method, params, reply);
    }

    private void permission(JsonNode params, AcpPeer.Reply reply) {
        PermissionOptions options = new PermissionOptions(params.path("options"));
        running(params)
                .ifPresentOrElse(
                        running -> running.audience()
                                .allows(running.view().question(params.path("toolCall"), options))
                                .onSuccess(said -> reply.result(
                                        said.map(options::outcome).orElseGet(PermissionOptions::cancelled))),
                        () -> reply.result(PermissionOptions.cancelled()));
    }

    @Override
    public void told(String method, JsonNode params) {
        if (method.equals("session/update")) {
            running(params)
                    .ifPresent(running ->
                            running.view().update(params.path("update")).forEach(running::show));
        }
    }

    private Optional<AcpConversation.Running> running(JsonNode params) {
        return conversations.find(params.path("sessionId").asText()).flatMap(AcpConversation::heard);
    }
}
