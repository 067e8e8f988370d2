package dev.fairlead.gateway.prove;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What was seen from outside of the gateway; {@code at} is in milliseconds since the run began. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = HistoryEvent.Delivered.class, name = "delivered"),
    @JsonSubTypes.Type(value = HistoryEvent.Settled.class, name = "settled"),
    @JsonSubTypes.Type(value = HistoryEvent.Missing.class, name = "missing"),
    @JsonSubTypes.Type(value = HistoryEvent.Served.class, name = "served"),
    @JsonSubTypes.Type(value = HistoryEvent.FaultBegan.class, name = "fault_began"),
    @JsonSubTypes.Type(value = HistoryEvent.FaultEnded.class, name = "fault_ended"),
    @JsonSubTypes.Type(value = HistoryEvent.Measured.class, name = "measured"),
    @JsonSubTypes.Type(value = HistoryEvent.Problem.class, name = "problem"),
    @JsonSubTypes.Type(value = HistoryEvent.Ended.class, name = "ended")
})
sealed interface HistoryEvent {
    long at();

    /** The gateway said that it has this message: from now on it may not be lost. */
    record Accepted(long at, String key, String messageId) implements HistoryEvent {}

    /** The recipient got it, that often or oftener. */
    record Delivered(long at, String key, String messageId, int attempt) implements HistoryEvent {}

    /** The gateway said that it has the recipient's acknowledgement: from now on it may not come again. */
    record Settled(long at, String messageId) implements HistoryEvent {}

    /** At the end the gateway did not know what it had said it has. */
    record Missing(long at, String messageId) implements HistoryEvent {}

    /** A write and a read were answered as on any other day. */
    record Served(long at) implements HistoryEvent {}

    /** From now on something is wrong with what is around the gateway. */
    record FaultBegan(long at, int number, FaultKind kind, String detail) implements HistoryEvent {}

    /**
     * What was wrong is over.
     *
     * @param restarted where the process had ended, it was started again in this moment
     */
    record FaultEnded(long at, int number, boolean restarted) implements HistoryEvent {}

    /**
     * What else belongs to a fault that is over.
     *
     * @param lines that the gateway wrote to its log from the fault's begin until it served again
     * @param load of the machine then: programs that run or want to, for each of its processors
     */
    record Measured(long at, int number, long lines, double load) implements HistoryEvent {}

    /** Something that is a broken promise by itself. */
    record Problem(long at, String what) implements HistoryEvent {}

    /** Nothing was asked of the gateway any more. */
    record Ended(long at) implements HistoryEvent {}
}
