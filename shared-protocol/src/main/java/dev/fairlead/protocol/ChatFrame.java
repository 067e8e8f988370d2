package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What a server sends on a chat. {@link SessionStart} comes first, always. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ChatFrame.SessionStart.class),
    @JsonSubTypes.Type(ChatFrame.Connected.class),
    @JsonSubTypes.Type(ChatFrame.Thinking.class),
    @JsonSubTypes.Type(ChatFrame.Chunk.class),
    @JsonSubTypes.Type(ChatFrame.ToolCall.class),
    @JsonSubTypes.Type(ChatFrame.ToolResult.class),
    @JsonSubTypes.Type(ChatFrame.OperatorStatus.class),
    @JsonSubTypes.Type(ChatFrame.AgentEvent.class),
    @JsonSubTypes.Type(ChatFrame.ChunkReset.class),
    @JsonSubTypes.Type(ChatFrame.Done.class),
    @JsonSubTypes.Type(ChatFrame.Aborted.class),
    @JsonSubTypes.Type(ChatFrame.Failure.class),
    @JsonSubTypes.Type(ChatFrame.Pong.class)
})
public sealed interface ChatFrame {

    /** Which session this is; {@code resumed}, where it had messages before. */
    @JsonTypeName("session_start")
    record SessionStart(String sessionId, Optional<String> name, boolean resumed, int messageCount)
            implements ChatFrame {}

    /** The answer to {@link ChatCommand.Connect}. */
    @JsonTypeName("connected")
    record Connected(String message) implements ChatFrame {
        public static Connected established() {
            return new Connected("Connection established");
        }
    }

    @JsonTypeName("thinking")
    record Thinking(String content) implements ChatFrame {}

    /** A piece of the answer, to be appended to those before. */
    @JsonTypeName("chunk")
    record Chunk(String content) implements ChatFrame {}

    /**
     * A tool is called.
     *
     * @param id answered by {@link ChatCommand.Approve} or {@link ChatCommand.Deny}, where a person must decide
     * @param approval {@code required}, where the call waits for a person
     */
    @JsonTypeName("tool_call")
    record ToolCall(String id, String name, JsonNode args, Optional<String> approval) implements ChatFrame {}

    @JsonTypeName("tool_result")
    record ToolResult(String id, String name, String output) implements ChatFrame {}

    @JsonTypeName("operator_status")
    record OperatorStatus(String phase, String detail) implements ChatFrame {}

    @JsonTypeName("agent_event")
    record AgentEvent(JsonNode event) implements ChatFrame {}

    /** The chunks so far are void: what follows is authoritative. */
    @JsonTypeName("chunk_reset")
    record ChunkReset() implements ChatFrame {}

    /** The turn is over; the whole answer. */
    @JsonTypeName("done")
    record Done(String fullResponse, Optional<Usage> usage) implements ChatFrame {}

    /** The turn was aborted; what there is of the answer is kept. */
    @JsonTypeName("aborted")
    record Aborted(String partialResponse) implements ChatFrame {}

    /** What went wrong; the socket stays open, save after {@code AGENT_INIT_FAILED}. The text is sanitised. */
    @JsonTypeName("error")
    record Failure(String code, String message) implements ChatFrame {
        public static Failure of(ErrorCode code, String message) {
            return new Failure(code.wire(), message);
        }
    }

    /** The answer to {@link ChatCommand.Ping}. */
    @JsonTypeName("pong")
    record Pong() implements ChatFrame {}

    /** What a turn cost, in tokens of the model. */
    record Usage(long inputTokens, long outputTokens) {}
}
