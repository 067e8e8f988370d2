package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/** The stream of what happens to messages: metadata, never a payload. */
@JsonSubTypes({@JsonSubTypes.Type(MessagesFrame.Snapshot.class), @JsonSubTypes.Type(MessagesFrame.Happened.class)})
public sealed interface MessagesFrame extends StreamFrame {

    /** The last events that match the stream's filters, oldest first, 100 at most. */
    @JsonTypeName("snapshot")
    record Snapshot(List<MessageEvent> recentEvents) implements MessagesFrame {
        public Snapshot {
            recentEvents = List.copyOf(recentEvents);
        }
    }

    /** One event, its fields in the frame itself. */
    @JsonTypeName("message_event")
    record Happened(@JsonUnwrapped MessageEvent happened) implements MessagesFrame {}
}
