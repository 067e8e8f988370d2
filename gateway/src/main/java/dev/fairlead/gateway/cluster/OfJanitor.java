package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.bus.Owned;

/** A request that the node answers which sees to what is nobody's: alerts are with it. */
public interface OfJanitor extends Owned {
    @Override
    default String lease() {
        return LeaseName.JANITOR.text();
    }
}
