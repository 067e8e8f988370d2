package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.bus.Event;

/** What became of orders, told after it was committed. */
public sealed interface OrderEvent extends Event {
    /** An order came to the status it now shows. */
    record StatusChanged(OrderCommands.OrderSummary order) implements OrderEvent {}
}
