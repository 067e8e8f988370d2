package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes what an order becomes: now, on this node, by a change with an id of its own. */
final class Transitions {
    private final TimeSource time;
    private final RandomGenerator random;
    private final String node;
    private final OrderMode mode;

    /** @param mode what new orders are meant for */
    Transitions(TimeSource time, RandomGenerator random, String node, OrderMode mode) {
        this.time = time;
        this.random = random;
        this.node = node;
        this.mode = mode;
    }

    /** An order that has just come, not yet judged. */
    Order received(NewOrder asked) {
        Instant now = time.instant();
        UUID id = newId();
        return new Order(
                id,
                asked,
                asked.terms(),
                Optional.empty(),
                OrderStatus.RECEIVED,
                Optional.empty(),
                Order.AtUpstream.unknown(id),
                Optional.empty(),
                node,
                newId(),
                now,
                now,
                Optional.empty(),
                mode);
    }

    Order to(Order order, OrderStatus next, Optional<String> why) {
        return order.become(next, why, node, newId(), time.instant());
    }

    /** Of version 7 (RFC 9562): they sort by time. */
    UUID newId() {
        long high = (time.instant().toEpochMilli() << 16) | 0x7000L | (random.nextInt() & 0xfff);
        return new UUID(high, (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
