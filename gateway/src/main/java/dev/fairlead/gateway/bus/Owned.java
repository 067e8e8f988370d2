package dev.fairlead.gateway.bus;

/**
 * A request that only the owner of something may answer: in a fleet it goes to the node that holds the lease, wherever
 * it was asked. A gateway that is alone never asks for the name. The owner may change while the request is on its way:
 * whoever answers it acts under the lease's fence, and refuses where it holds that no more.
 */
public interface Owned {
    /** The lease's name, as {@code LeaseName.text()} has it. */
    String lease();
}
