package dev.fairlead.gateway.faces.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.tools.GatewayTools;
import dev.fairlead.gateway.tools.Parameters;
import dev.fairlead.gateway.tools.Tool;
import dev.fairlead.gateway.tools.ToolCaller;
import dev.fairlead.gateway.tools.ToolDefinition;
import dev.fairlead.gateway.tools.ToolRegistry;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tools of the chat, and those by which a client that is no chat takes part in one. */
final class FaceTools {
    static final String ASK = "ask_agent";
    static final String ANSWER = "get_answer";
    private static final int MOST_QUESTION = 20_000;
    private static final int MOST_AGENT = 80;
    private static final int MOST_ID = 64;
    /** Clients give up after a minute. */
    private static final int MOST_PATIENCE = 50;

    private static final int USUAL_PATIENCE = 40;
    private static final Duration ON_THE_WAY = Duration.ofSeconds(10);
    private static final Set<String> OWN = Set.of("operator", "llm");

    private FaceTools() {}

    /** All there are, for the face of {@code node}. */
    static ToolRegistry of(Bus bus, TimeSource time, String node) {
        List<Tool> all = new ArrayList<>(GatewayTools.all(bus, time, node));
        all.add(new AskAgent(bus, node));
        all.add(new GetAnswer(bus, node));
        return new ToolRegistry(all);
    }

    private static Future<String> look(Bus bus, String node, JsonNode args, String session, String turn, String owner) {
        Duration patience = Duration.ofSeconds(args.path("wait_seconds").asInt(USUAL_PATIENCE));
        return bus.requestAt(
                        McpCommands.place(node),
                        new McpCommands.LookAtTurn(session, turn, owner, patience),
                        patience.plus(ON_THE_WAY))
                .map(seen -> FrameCodec.text(FrameCodec.toTree(seen)));
    }

    /** A turn of a chat: a question to whoever answers, and what they say. */
    private record AskAgent(Bus bus, String node) implements Tool {
        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(
                    ASK,
                    "Asks an agent that chats, in words, and tells what it answers. Where that takes longer than"
                            + " wait_seconds the status is running: get_answer tells the rest. The same session_id goes"
                            + " on with a conversation.",
                    Parameters.of()
                            .text(
                                    "agent",
                                    "The name of a connected agent, or operator, or llm",
                                    MOST_AGENT,
                                    "(agent:)?[a-z0-9][a-z0-9-]{0,62}")
                            .text("question", "What to ask", MOST_QUESTION)
                            .optional()
                            .text("session_id", "A conversation to go on with", MOST_ID)
                            .number("wait_seconds", "How long to wait; default " + USUAL_PATIENCE, 1, MOST_PATIENCE)
                            .build(),
                    ToolDefinition.Effect.CHANGE);
        }

        @Override
        public Future<String> call(JsonNode args, ToolCaller caller) {
            String place = ChatCommands.place(node);
            String named = args.get("agent").textValue();
            Optional<String> agent =
                    Optional.of(OWN.contains(named) || named.startsWith("agent:") ? named : "agent:" + named);
            Optional<String> session =
                    Optional.ofNullable(args.path("session_id").textValue());
            // The same call once more is the same message.
            Optional<String> key = Optional.of(caller.turnId()).filter(id -> !id.isEmpty());
            return bus.requestAt(place, new ChatCommands.Open(session, Optional.empty(), agent, caller.actor()))
                    .compose(opened -> {
                        opened.problem().ifPresent(problem -> {
                            throw new FairleadException(ErrorCode.CHAT_AGENT_INIT_FAILED, problem);
                        });
                        return bus.requestAt(
                                        place,
                                        new ChatCommands.Say(
                                                opened.sessionId(),
                                                Optional.empty(),
                                                agent,
                                                caller.actor(),
                                                caller.address(),
                                                args.get("question").textValue(),
                                                Optional.empty(),
                                                key,
                                                McpCommands.place(node),
                                                false,
                                                Given.NOTHING.within(caller.traceparent())))
                                .compose(said ->
                                        look(bus, node, args, opened.sessionId(), said.turnId(), caller.actor()));
                    });
        }
    }

    /** What became of a question that took longer. */
    private record GetAnswer(Bus bus, String node) implements Tool {
        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(
                    ANSWER,
                    "Tells what an agent answered to a question of ask_agent, waiting for it where it is not done.",
                    Parameters.of()
                            .text("session_id", "As ask_agent told it", MOST_ID)
                            .text("turn_id", "As ask_agent told it", MOST_ID)
                            .optional()
                            .number("wait_seconds", "How long to wait; default " + USUAL_PATIENCE, 1, MOST_PATIENCE)
                            .build(),
                    ToolDefinition.Effect.READ);
        }

        @Override
        public Future<String> call(JsonNode args, ToolCaller caller) {
            return look(
                    bus,
                    node,
                    args,
                    args.get("session_id").textValue(),
                    args.get("turn_id").textValue(),
                    caller.actor());
        }
    }
}
