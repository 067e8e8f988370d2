package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.gateway.messages.MessageCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.Names;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What can be read: logs, chains of messages, transcripts. */
final class McpResources {
    static final String LOGS = "instances";
    static final String LOG = "log";
    private static final String CHAINS = "messages";
    private static final String SESSIONS = "sessions";
    private static final String TRANSCRIPT = "transcript";

    /** Keys are made by the operator, to read what the operator may. */
    private static final String OWNER = "operator";

    private static final String TEXT = "text/plain";
    private static final String JSON = "application/json";
    private static final int LINES = 500;
    private static final int MOST_LISTED = 100;
    private static final int MOST_OF_CHAIN = 100;
    private static final int MOST_OF_CORRELATION_ID = 128; // characters, as of a message
    private static final int MOST_MESSAGES = 200;
    /** Of a text, in characters; the oldest lines of a log go first. */
    private static final int MOST_TEXT = 400_000;

    private final Bus bus;
    private final String logs;
    private final String chats;

    McpResources(Bus bus, String node) {
        this.bus = bus;
        this.logs = LogCommands.place(node);
        this.chats = ChatCommands.place(node);
    }

    /** Every instance's log, and the transcripts of the sessions used last. Chains are too many to be listed. */
    Future<ObjectNode> list(McpCaller caller) {
        return bus.request(new InstanceCommands.ListInstances(false, Optional.empty()))
                .compose(instances -> sessions(caller).map(sessions -> {
                    ObjectNode result = FrameCodec.object();
                    ArrayNode all = result.putArray("resources");
                    instances.instances().forEach(instance -> all.addObject()
                            .put("uri", addressOfLog(instance.name()))
                            .put("name", instance.name() + " log")
                            .put("description", "The latest lines of the log of " + instance.name())
                            .put("mimeType", TEXT));
                    sessions.forEach(session -> all.addObject()
                            .put("uri", addressOfTranscript(session.sessionId()))
                            .put("name", session.name().orElse("chat " + session.sessionId()))
                            .put("description", "What was said and done in a chat with " + session.agent())
                            .put("mimeType", JSON));
                    return result;
                }));
    }

    static ObjectNode templates() {
        ObjectNode result = FrameCodec.object();
        ArrayNode all = result.putArray("resourceTemplates");
        template(all, LOGS + "/{name}/" + LOG, "log", "The latest lines of the log of an instance or agent", TEXT);
        template(
                all,
                CHAINS + "/{correlation_id}",
                "message chain",
                "The messages of one matter, oldest first, with what they say",
                JSON);
        template(all, SESSIONS + "/{session_id}/" + TRANSCRIPT, "transcript", "What was said and done in a chat", JSON);
        return result;
    }

    /** Reads one; fails with what the gateway refuses where there is none. */
    Future<ObjectNode> read(McpCaller caller, String uri) {
        List<String> parts = McpUri.parts(uri);
        if (is(parts, LOGS, LOG)) {
            return log(parts.get(1), LINES).map(text -> contents(uri, TEXT, text));
        }
        if (is(parts, SESSIONS, TRANSCRIPT)) {
            return transcript(caller.actor(), parts.get(1))
                    .recover(cause -> Bus.refusal(cause).code() == ErrorCode.FORBIDDEN
                            ? transcript(OWNER, parts.get(1))
                            : Future.failedFuture(cause))
                    .map(messages -> contents(uri, JSON, FrameCodec.text(FrameCodec.toTree(messages))));
        }
        if (isChain(parts)) {
            return chain(parts.get(1)).map(chain -> contents(uri, JSON, FrameCodec.text(chain)));
        }
        return Future.failedFuture(new FairleadException(
                ErrorCode.NOT_FOUND, "Nothing is at that address; resources/templates/list tells what there can be"));
    }

    /**
     * The usual form of an address at which something may change that the client may read; empty where there can be
     * nothing.
     */
    Future<Optional<String>> address(McpCaller caller, String uri) {
        List<String> parts = McpUri.parts(uri);
        if (is(parts, LOGS, LOG) && Names.isValid(parts.get(1))) {
            return Future.succeededFuture(Optional.of(addressOfLog(parts.get(1))));
        }
        if (isChain(parts)) {
            return Future.succeededFuture(Optional.of(addressOfChain(parts.get(1))));
        }
        return is(parts, SESSIONS, TRANSCRIPT)
                ? read(caller, uri)
                        .map(there -> Optional.of(addressOfTranscript(parts.get(1))))
                        .otherwise(Optional.empty())
                : Future.succeededFuture(Optional.empty());
    }

    static String addressOfLog(String name) {
        return McpUri.of(LOGS, name, LOG);
    }

    static String addressOfChain(String correlationId) {
        return McpUri.of(CHAINS, correlationId);
    }

    static String addressOfTranscript(String session) {
        return McpUri.of(SESSIONS, session, TRANSCRIPT);
    }

    /** The name of the log at an address in its usual form; empty where it is not one of a log. */
    static Optional<String> logAt(String address) {
        return Optional.of(McpUri.parts(address))
                .filter(parts -> is(parts, LOGS, LOG))
                .map(parts -> parts.get(1));
    }

    /** The latest lines of a log. */
    Future<String> log(String name, int lines) {
        return bus.requestAt(
                        logs,
                        new LogCommands.ReadPage(
                                Names.require("name", name), lines, Optional.empty(), LogCommands.Filter.NONE))
                .map(page -> {
                    String text = String.join("\n", page.lines());
                    return text.length() <= MOST_TEXT ? text : text.substring(text.length() - MOST_TEXT);
                });
    }

    /** Those of the client's own, and the operator's. */
    private Future<List<ChatCommands.Session>> sessions(McpCaller caller) {
        List<ChatCommands.Session> all = new ArrayList<>();
        Future<Void> listed = Future.succeededFuture();
        for (String owner : new TreeSet<>(List.of(caller.actor(), OWNER))) {
            listed = listed.compose(
                    before -> bus.requestAt(chats, new ChatCommands.ListSessions(owner, MOST_LISTED, Optional.empty()))
                            .onSuccess(found -> all.addAll(found.sessions()))
                            .mapEmpty());
        }
        return listed.map(all);
    }

    private Future<ChatCommands.Messages> transcript(String owner, String session) {
        return bus.requestAt(chats, new ChatCommands.GetMessages(session, owner, MOST_MESSAGES, Optional.empty()));
    }

    private static boolean is(List<String> parts, String kind, String end) {
        return parts.size() == 3 && parts.get(0).equals(kind) && parts.get(2).equals(end);
    }

    private static boolean isChain(List<String> parts) {
        return parts.size() == 2
                && parts.get(0).equals(CHAINS)
                && !parts.get(1).isEmpty()
                && parts.get(1).length() <= MOST_OF_CORRELATION_ID;
    }

    private Future<ObjectNode> chain(String correlationId) {
        return bus.request(new MessageCommands.Page(
                        Optional.empty(),
                        Optional.of(correlationId),
                        Optional.empty(),
                        MOST_OF_CHAIN,
                        Optional.empty()))
                .compose(page -> {
                    if (page.messages().isEmpty()) {
                        throw new FairleadException(ErrorCode.NOT_FOUND, "No message has that correlation id");
                    }
                    List<MessageCommands.MessageSummary> oldestFirst = new ArrayList<>(page.messages());
                    Collections.reverse(oldestFirst);
                    ObjectNode chain = FrameCodec.object().put("correlation_id", correlationId);
                    ArrayNode messages = chain.putArray("messages");
                    Future<Void> read = Future.succeededFuture();
                    for (MessageCommands.MessageSummary message : oldestFirst) {
                        read = read.compose(before -> added(messages, message.messageId()));
                    }
                    return read.map(chain);
                });
    }

    private Future<Void> added(ArrayNode messages, String id) {
        return bus.request(new MessageCommands.Get(id, Optional.empty())).map(found -> {
            ObjectNode whole = FrameCodec.object();
            whole.setAll((ObjectNode) FrameCodec.toTree(found.summary()));
            whole.putPOJO("payload", found.payload());
            messages.add(whole);
            return null;
        });
    }

    private static ObjectNode contents(String uri, String mimeType, String text) {
        ObjectNode result = FrameCodec.object();
        result.putArray("contents")
                .addObject()
                .put("uri", uri)
                .put("mimeType", mimeType)
                .put("text", text);
        return result;
    }

    private static void template(ArrayNode all, String path, String name, String description, String mimeType) {
        all.addObject()
                .put("uriTemplate", McpUri.SCHEME + path)
                .put("name", name)
                .put("description", description)
                .put("mimeType", mimeType);
    }
}
