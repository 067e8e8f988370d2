package dev.fairlead.gateway.bench;

import dev.fairlead.gateway.time.TimeSource;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.HdrHistogram.Histogram;

/** Counts the quotes agents are told, and how old each is when it arrives. Used by one thread. */
final class QuoteArrivals implements LoadConnection.Listener {
    private static final String UPDATE = "{\"subject\":\"quote.update\"";
    private static final String SUBSCRIBED = "{\"subject\":\"quote.subscribe.ack\"";
    private static final byte[] RECEIVED_AT = "\"received_at\":".getBytes(StandardCharsets.US_ASCII);

    private final TimeSource time;
    private final Histogram ages = Sample.histogram(); // milliseconds: quotes say no more
    private int subscribed;

    QuoteArrivals(TimeSource time) {
        this.time = time;
    }

    @Override
    public void text(LoadConnection connection, ByteBuffer payload) {
        if (AgentFleet.startsWith(payload, UPDATE)) {
            ages.recordValue(Math.max(0, time.millis() - receivedAt(payload)));
        } else if (AgentFleet.startsWith(payload, SUBSCRIBED)) {
            subscribed++;
        } else {
            byte[] text = new byte[payload.remaining()];
            payload.get(text);
            throw new IllegalStateException("The gateway said: " + new String(text, StandardCharsets.UTF_8));
        }
    }

    int subscribed() {
        return subscribed;
    }

    void reset() {
        ages.reset();
    }

    long count() {
        return ages.getTotalCount();
    }

    double ageMs(double percentile) {
        return ages.getValueAtPercentile(percentile);
    }

    private static long receivedAt(ByteBuffer payload) {
        for (int at = payload.position(); at < payload.limit() - RECEIVED_AT.length; at++) {
            int matched = 0;
            while (matched < RECEIVED_AT.length && payload.get(at + matched) == RECEIVED_AT[matched]) {
                matched++;
            }
            if (matched == RECEIVED_AT.length) {
                long number = 0;
                for (int i = at + matched; payload.get(i) >= '0' && payload.get(i) <= '9'; i++) {
                    number = number * 10 + payload.get(i) - '0';
                }
                return number;
            }
        }
        throw new IllegalStateException("A quote without the time it was received");
    }
}
