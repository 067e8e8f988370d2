package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.Optional;

/** What a client sends on a chat. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(ChatCommand.Connect.class),
    @JsonSubTypes.Type(ChatCommand.Message.class),
    @JsonSubTypes.Type(ChatCommand.Abort.class),
    @JsonSubTypes.Type(ChatCommand.Approve.class),
    @JsonSubTypes.Type(ChatCommand.Deny.class),
    @JsonSubTypes.Type(ChatCommand.Ping.class)
})
public sealed interface ChatCommand {

    /** The first frame, if sent at all: its session counts before any history is loaded. */
    @JsonTypeName("connect")
    record Connect(Optional<String> sessionId, Optional<String> deviceName, Optional<List<String>> capabilities)
            implements ChatCommand {}

    /**
     * Starts a turn.
     *
     * @param pageContext the page of the dashboard the user looks at
     * @param idempotencyKey the same again starts no second turn
     */
    @JsonTypeName("message")
    record Message(String content, Optional<String> pageContext, Optional<String> idempotencyKey)
            implements ChatCommand {}

    /** Ends the turn that runs. */
    @JsonTypeName("abort")
    record Abort() implements ChatCommand {}

    /** Lets a tool call happen that waits for a person. */
    @JsonTypeName("approve")
    record Approve(String id) implements ChatCommand {}

    /** Forbids a tool call that waits for a person. */
    @JsonTypeName("deny")
    record Deny(String id) implements ChatCommand {}

    @JsonTypeName("ping")
    record Ping() implements ChatCommand {}
}
