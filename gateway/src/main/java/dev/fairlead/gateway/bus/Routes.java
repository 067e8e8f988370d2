package dev.fairlead.gateway.bus;

import java.util.Optional;
import java.util.Set;

/** Where things are in a fleet, as last heard of: answered from memory, on any thread. */
public interface Routes {
    /** This node's name. */
    String node();

    /** All nodes that are there, this one with them once it is. */
    Set<String> nodes();

    /**
     * The node that holds a lease; empty where nobody is known to.
     *
     * @param lease its name as text
     */
    Optional<String> owner(String lease);
}
