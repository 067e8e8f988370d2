package dev.fairlead.gateway.bus;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Where things are in a fleet, as last heard of: answered from memory, on any thread. */
public interface Routes {
    /** This node's name. */
    String node();

    /** All nodes that are there, this one with them once it is. */
    Set<String> nodes();

    /** The epoch of the life that a node is in, which rises from one to the next; empty where it is not there. */
    OptionalLong life(String node);

    /**
     * The node that holds a lease; empty where nobody is known to.
     *
     * @param lease its name as text
     */
    Optional<String> owner(String lease);
}
