package dev.fairlead.gateway.edge.socket;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what goes over the WebSockets of this node. It does so for each frame and socket, so it adds to plain adders
 * that the metrics read when they are asked.
 */
public final class Traffic {
    private final LongAdder framesOut = new LongAdder();
    private final LongAdder bytesOut = new LongAdder();
    private final LongAdder messagesIn = new LongAdder();
    private final LongAdder bytesIn = new LongAdder();

    public Traffic(MeterRegistry metrics) {
        count(metrics, "fairlead.ws.frames.sent", "WebSocket frames sent", framesOut);
        count(metrics, "fairlead.ws.bytes.sent", "Bytes of WebSocket frames sent", bytesOut);
        count(metrics, "fairlead.ws.messages.received", "WebSocket messages received", messagesIn);
        count(metrics, "fairlead.ws.bytes.received", "Bytes of WebSocket messages received", bytesIn);
    }

    void sent(int frames, int bytes) {
        framesOut.add(frames);
        bytesOut.add(bytes);
    }

    void received(int bytes) {
        messagesIn.increment();
        bytesIn.add(bytes);
    }

    private static void count(MeterRegistry metrics, String name, String description, LongAdder counted) {
        FunctionCounter.builder(name, counted, LongAdder::doubleValue)
                .description(description)
                .register(metrics);
    }
}
