package dev.fairlead.gateway;

import dev.fairlead.gateway.bus.Bus;

/** Lets a test speak on the bus of a gateway, as a concern of it. */
public final class GatewayBus {
    private GatewayBus() {}

    public static Bus of(Gateway gateway) {
        return Bus.on(gateway.vertx());
    }
}
