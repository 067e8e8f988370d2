package dev.fairlead.protocol.client;

import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A message to send.
 *
 * @param payload a record, map or tree: any JSON value, 64 KiB at most
 * @param idempotencyKey what makes a repetition known for 24 h; made up where none is given, so that a message which is
 *     sent again after a lost connection stays one
 * @param ttl from acceptance; the gateway's where absent
 * @param requires {@code token.valid}: held back while the gateway's upstream token is not usable
 */
public record OutgoingMessage(
        String to,
        String type,
        Object payload,
        Optional<String> correlationId,
        String idempotencyKey,
        Optional<Duration> ttl,
        Optional<String> requires) {

    /** A message with a key of its own and nothing else. */
    public static OutgoingMessage of(String to, String type, Object payload) {
        return new OutgoingMessage(
                to, type, payload, Optional.empty(), UUID.randomUUID().toString(), Optional.empty(), Optional.empty());
    }

    public OutgoingMessage withCorrelationId(String id) {
        return new OutgoingMessage(to, type, payload, Optional.of(id), idempotencyKey, ttl, requires);
    }

    public OutgoingMessage withIdempotencyKey(String key) {
        return new OutgoingMessage(to, type, payload, correlationId, key, ttl, requires);
    }

    public OutgoingMessage withTtl(Duration life) {
        return new OutgoingMessage(to, type, payload, correlationId, idempotencyKey, Optional.of(life), requires);
    }

    public OutgoingMessage requiring(String condition) {
        return new OutgoingMessage(to, type, payload, correlationId, idempotencyKey, ttl, Optional.of(condition));
    }

    AgentData.Send data() {
        return new AgentData.Send(
                to,
                type,
                RawJson.of(payload),
                correlationId,
                Optional.of(idempotencyKey),
                ttl.map(Duration::toSeconds),
                requires);
    }

    /** Without the payload. */
    @Override
    public String toString() {
        return "OutgoingMessage[to=" + to + ", type=" + type + "]";
    }
}
