package dev.fairlead.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The stream of all an operator may care about: metadata only, no payload, no content of a chat. */
@JsonSubTypes({
    @JsonSubTypes.Type(EventsFrame.Snapshot.class),
    @JsonSubTypes.Type(EventsFrame.AgentStart.class),
    @JsonSubTypes.Type(EventsFrame.AgentEnd.class),
    @JsonSubTypes.Type(EventsFrame.Failure.class),
    @JsonSubTypes.Type(EventsFrame.ChannelEvent.class),
    @JsonSubTypes.Type(EventsFrame.TokenEvent.class),
    @JsonSubTypes.Type(EventsFrame.OrderEvent.class),
    @JsonSubTypes.Type(EventsFrame.InstanceEvent.class),
    @JsonSubTypes.Type(EventsFrame.ApprovalEvent.class)
})
public sealed interface EventsFrame extends StreamFrame {

    /**
     * The last events, oldest first.
     *
     * @param older where a page of {@code GET /api/events} begins that shows what was before them; left out where
     *     nothing has happened yet
     */
    @JsonTypeName("snapshot")
    record Snapshot(List<EventsFrame> recentEvents, Optional<String> older) implements EventsFrame {
        public Snapshot {
            recentEvents = List.copyOf(recentEvents);
        }
    }

    /** A turn of a chat began. */
    @JsonTypeName("agent_start")
    record AgentStart(String sessionId, String turnId, String provider, Optional<String> model, Instant timestamp)
            implements EventsFrame {}

    /** A turn of a chat ended, however. */
    @JsonTypeName("agent_end")
    record AgentEnd(
            String sessionId,
            String turnId,
            String provider,
            Optional<String> model,
            Optional<String> reason,
            Instant timestamp)
            implements EventsFrame {}

    /** Something failed; the stream goes on. */
    @JsonTypeName("error")
    record Failure(String component, String code, String message, Instant timestamp) implements EventsFrame {}

    /** A connection came or went: {@code channel} is {@code agent}, {@code upstream}, {@code feed} and the like. */
    @JsonTypeName("channel_event")
    record ChannelEvent(String channel, String name, String event, Optional<String> detail, Instant timestamp)
            implements EventsFrame {}

    @JsonTypeName("token_event")
    record TokenEvent(TokenState state, Optional<String> reason, Instant timestamp) implements EventsFrame {}

    @JsonTypeName("order_event")
    record OrderEvent(String orderId, String agent, String symbol, String status, OrderMode mode, Instant timestamp)
            implements EventsFrame {}

    @JsonTypeName("instance_event")
    record InstanceEvent(String name, String event, InstanceStatus status, Instant timestamp) implements EventsFrame {}

    /**
     * Something waits for a person, or does so no longer.
     *
     * @param kind {@code tool}, {@code order}, {@code acp} or {@code mcp}
     * @param subject the tool's name, the order
     * @param status {@code waiting}, {@code approved}, {@code denied} or {@code expired}
     */
    @JsonTypeName("approval_event")
    record ApprovalEvent(String id, String kind, String subject, String status, Instant timestamp)
            implements EventsFrame {}
}
