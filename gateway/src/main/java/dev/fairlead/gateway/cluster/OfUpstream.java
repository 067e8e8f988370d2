package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.bus.Owned;

/** A request that the node answers which has the upstream: token, market feed and orders are with it. */
public interface OfUpstream extends Owned {
    @Override
    default String lease() {
        return LeaseName.UPSTREAM.text();
    }
}
