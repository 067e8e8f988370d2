package dev.fairlead.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One message on the agent socket, whole, as a client handles it.
 *
 * @param reply where the sender waits for the answer
 * @param data any JSON value; {@link MissingNode} where there is none
 * @param timestamp milliseconds since the Unix epoch; the gateway always sets it
 * @param from the agent a request was passed on for; only the gateway sets it
 * @param traceparent where in a trace it was sent, as {@link TraceParent} has it
 */
public record AgentEnvelope(
        Subject subject,
        Optional<Subject> reply,
        JsonNode data,
        OptionalLong timestamp,
        Optional<String> from,
        Optional<String> traceparent) {
    /** One that is in no trace. */
    public AgentEnvelope(
            Subject subject, Optional<Subject> reply, JsonNode data, OptionalLong timestamp, Optional<String> from) {
        this(subject, reply, data, timestamp, from, Optional.empty());
    }

    /** An envelope that expects no answer on an inbox. */
    public static AgentEnvelope of(Subject subject, Object data) {
        return new AgentEnvelope(
                subject, Optional.empty(), FrameCodec.toTree(data), OptionalLong.empty(), Optional.empty());
    }

    /** A request, to be answered on the inbox given. */
    public static AgentEnvelope request(Subject subject, Subject inbox, Object data) {
        return new AgentEnvelope(
                subject, Optional.of(inbox), FrameCodec.toTree(data), OptionalLong.empty(), Optional.empty());
    }

    /**
     * Reads an envelope.
     *
     * @throws FairleadException {@code invalid_json}, or {@code invalid_envelope} for JSON that is no envelope
     */
    public static AgentEnvelope parse(byte[] json) {
        EnvelopeView view = EnvelopeView.parse(json);
        JsonNode tree = FrameCodec.tree(json);
        JsonNode timestamp = tree.path("timestamp");
        JsonNode from = tree.path("from");
        return new AgentEnvelope(
                view.subject(),
                view.reply(),
                view.data().isPresent() ? tree.path("data") : MissingNode.getInstance(),
                timestamp.isIntegralNumber() && timestamp.canConvertToLong()
                        ? OptionalLong.of(timestamp.longValue())
                        : OptionalLong.empty(),
                from.isTextual() ? Optional.of(from.textValue()) : Optional.empty(),
                view.traceparent());
    }

    /** The same, sent in the course of a trace. */
    public AgentEnvelope within(Optional<String> trace) {
        return new AgentEnvelope(subject, reply, data, timestamp, from, trace);
    }

    /** Compact JSON, subject first. */
    public byte[] encode() {
        var json = FrameCodec.object().put("subject", subject.value());
        reply.ifPresent(inbox -> json.put("reply", inbox.value()));
        from.ifPresent(name -> json.put("from", name));
        traceparent.ifPresent(trace -> json.put("traceparent", trace));
        if (!data.isMissingNode()) {
            json.set("data", data);
        }
        timestamp.ifPresent(millis -> json.put("timestamp", millis));
        return FrameCodec.encode(json);
    }

    /** The error it carries, where it carries one. */
    public Optional<FairleadException> error() {
        return data.path("error").path("code").isTextual()
                        && data.path("error").path("message").isTextual()
                ? Optional.of(FrameCodec.fromTree(data, ErrorBody.class).toException())
                : Optional.empty();
    }

    /** Says what it is about, never what it carries: tokens and payloads do not belong into logs. */
    @Override
    public String toString() {
        return "AgentEnvelope[" + subject + "]";
    }
}
