package dev.fairlead.gateway.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.FrameCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Senders with one durable message under way each. A message is done when the gateway has accepted it, or, for round
 * trips, when the gateway has taken the recipient's acknowledgement; then its sender sends the next.
 */
final class MessageLoad implements Load {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String INBOX = "inbox.";
    /** About 200 bytes with what stands around it. */
    private static final String TEXT = "x".repeat(128);

    private final LoadLoop loop;
    private final boolean roundTrips;
    private final String keys;
    private final List<LoadConnection> senders = new ArrayList<>();
    private final List<String> recipients = new ArrayList<>();
    private final List<LoadConnection> answering = new ArrayList<>();
    private Histogram latencies = Sample.histogram();
    private boolean going;
    private int outstanding;
    private long done;
    private long sent;

    /**
     * A load without connections.
     *
     * @param keys what the idempotency keys begin with, unlike any other load's
     */
    MessageLoad(LoadLoop loop, boolean roundTrips, String keys) {
        this.loop = loop;
        this.roundTrips = roundTrips;
        this.keys = keys;
    }

    /** Hears what senders get. */
    LoadConnection.Listener accepted() {
        return (connection, payload) -> {
            checked(payload);
            if (!roundTrips) {
                finished(connection.attachment);
            }
        };
    }

    /** Hears what recipients get: acknowledges each message at once. */
    LoadConnection.Listener delivered() {
        return (connection, payload) -> {
            JsonNode frame = checked(payload);
            String subject = frame.path("subject").asText();
            if (subject.equals(AgentSubjects.MESSAGE_DELIVER.value())) {
                acknowledge(connection, frame.path("data"));
            } else if (subject.startsWith(INBOX)) {
                finished(Integer.parseInt(subject.substring(INBOX.length())));
            }
        };
    }

    /** Adds a sender whose messages go to {@code recipient}. */
    void add(LoadConnection sender, String recipient) {
        sender.attachment = senders.size();
        senders.add(sender);
        recipients.add(recipient);
    }

    /** Connections to close with those of the senders. */
    void recipients(List<LoadConnection> connections) {
        answering.addAll(connections);
    }

    @Override
    public Sample round(Duration duration) {
        latencies = Sample.histogram();
        done = 0;
        going = true;
        long start = loop.now();
        for (int i = 0; i < senders.size(); i++) {
            send(i);
        }
        loop.run(duration);
        long counted = done;
        long nanos = loop.now() - start;
        going = false;
        loop.runUntil(() -> outstanding == 0, PATIENCE);
        return new Sample(counted, nanos, latencies);
    }

    @Override
    public void close() {
        senders.forEach(LoadConnection::close);
        answering.forEach(LoadConnection::close);
    }

    private void send(int number) {
        outstanding++;
        LoadConnection sender = senders.get(number);
        sender.sentAt = loop.now();
        sender.send(MaskedFrames.text("{\"subject\":\"" + AgentSubjects.MESSAGE_SEND.value() + "\",\"reply\":\"" + INBOX
                + number + "\",\"data\":{\"to\":\"" + recipients.get(number)
                + "\",\"type\":\"bench.work\",\"idempotency_key\":\"" + keys + ++sent + "\",\"payload\":{\"sender\":"
                + number + ",\"text\":\"" + TEXT + "\"}}}"));
    }

    private static void acknowledge(LoadConnection recipient, JsonNode message) {
        recipient.send(MaskedFrames.text("{\"subject\":\"" + AgentSubjects.MESSAGE_ACK.value() + "\",\"reply\":\""
                + INBOX + message.path("payload").path("sender").asInt() + "\",\"data\":{\"message_id\":\""
                + message.path("message_id").asText() + "\",\"attempt\":"
                + message.path("attempt").asInt() + "}}"));
    }

    private void finished(int number) {
        outstanding--;
        done++;
        latencies.recordValue(loop.now() - senders.get(number).sentAt);
        if (going) {
            send(number);
        }
    }

    private static JsonNode checked(ByteBuffer payload) {
        byte[] json = new byte[payload.remaining()];
        payload.get(json);
        JsonNode frame = FrameCodec.tree(json);
        if (frame.path("data").has("error")) {
            throw new IllegalStateException(
                    "The gateway refused: " + frame.path("data").path("error"));
        }
        return frame;
    }
}
