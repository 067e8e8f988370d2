package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.store.Fence;

/** What this node owns has changed. */
public sealed interface OwnershipChange {
    LeaseName name();

    /** It acts for it from now on, under that fence; what it knew of it from before is out of date. */
    record Gained(LeaseName name, Fence fence) implements OwnershipChange {}

    /** It acts for it no more: what is in hand is dropped, and nobody is told of it. */
    record Lost(LeaseName name) implements OwnershipChange {}
}
