package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.tools.ToolBox;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * What the chats count. Names: {@code fairlead.chat.turns} by outcome, {@code fairlead.chat.tool.calls} by status,
 * {@code fairlead.chat.running}, {@code fairlead.chat.waiting}.
 */
final class ChatMetrics {
    private final Map<TurnEnd, Counter> turns = new EnumMap<>(TurnEnd.class);
    private final Map<ToolBox.Status, Counter> calls = new EnumMap<>(ToolBox.Status.class);

    ChatMetrics(MeterRegistry registry, IntSupplier running, IntSupplier waiting) {
        for (TurnEnd end : TurnEnd.values()) {
            turns.put(
                    end,
                    Counter.builder("fairlead.chat.turns")
                            .description("Turns that ended")
                            .tag("outcome", end.status())
                            .register(registry));
        }
        for (ToolBox.Status status : ToolBox.Status.values()) {
            calls.put(
                    status,
                    Counter.builder("fairlead.chat.tool.calls")
                            .description("Calls of tools that ended")
                            .tag("status", status.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        Gauge.builder("fairlead.chat.running", running::getAsInt)
                .description("Turns that run now")
                .register(registry);
        Gauge.builder("fairlead.chat.waiting", waiting::getAsInt)
                .description("Turns that wait for another of their session")
                .register(registry);
    }

    void ended(TurnEnd end) {
        turns.get(end).increment();
    }

    void called(ToolBox.Status status) {
        calls.get(status).increment();
    }
}
