package dev.fairlead.gateway.cluster;

import dev.fairlead.gateway.store.Fence;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who owns what. Truth is a lease: a node acts for a key only while it holds the key's lease, and each of its commits
 * begins with the fence of it. Safe for use by several threads.
 */
public interface Ownership {
    /** This node's name. */
    String node();

    /** Whether there never are other nodes, so that no commit needs a fence. */
    boolean isAlone();

    /** The right of this node to act for it now; empty where it may not, or does not know. */
    Optional<Fence> fence(LeaseName name);

    /** The node that owns it, as last heard of; empty where nobody does. */
    Optional<String> owner(LeaseName name);

    /** All nodes that are there, as last heard of, this one with them once it is. */
    Set<String> nodes();

    /**
     * What a commit on behalf of all those begins with, in the order of their names; nothing where this node is alone.
     *
     * @throws NotOwnerException if this node may not act for one of them
     */
    List<Fence> under(Collection<LeaseName> names);

    /**
     * What a commit begins with that was decided under that very right.
     *
     * @throws NotOwnerException if this node has it no more, whether or not it has been given another since
     */
    default List<Fence> under(Fence right) {
        LeaseName name = new LeaseName(right.name());
        if (!fence(name).equals(Optional.of(right))) {
            throw new NotOwnerException(name, owner(name).filter(owner -> !owner.equals(node())));
        }
        return List.of(right);
    }

    /**
     * Tells, one after the other, what this node comes to own and loses from now on, beginning with what it owns.
     *
     * @param listener called on a thread of the ownership's; it hands over and does not wait
     */
    void listen(Consumer<OwnershipChange> listener);
}
