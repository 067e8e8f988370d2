package dev.fairlead.gateway.traces;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when the collector stops taking traces, and when it does again. */
record ToldExporter(SpanExporter collector, String address, AtomicBoolean away) implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(ToldExporter.class);

    ToldExporter(SpanExporter collector, String address) {
        this(collector, address, new AtomicBoolean());
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = collector.export(spans);
        return result.whenComplete(() -> {
            if (!result.isSuccess() && away.compareAndSet(false, true)) {
                log.warn("Traces: {} does not take them (otel.endpoint); they are dropped until it does", address);
            } else if (result.isSuccess() && away.compareAndSet(true, false)) {
                log.info("Traces: {} takes them again", address);
            }
        });
    }

    @Override
    public CompletableResultCode flush() {
        return collector.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return collector.shutdown();
    }
}
