package dev.fairlead.gateway.edge.access;

import java.util.Optional;
import java.util.Set;

/** Whose the peer's end of a connection is. */
sealed interface PeerOwner {
    /** No open socket of this machine is at the other end: it was closed, or is another machine's or name space's. */
    record Nobody() implements PeerOwner {}

    /**
     * Another account's, or one that has no number here ({@code overflowuid}).
     *
     * @param account as a person is told: {@code alice (uid 1000)}
     */
    record OtherAccount(String account) implements PeerOwner {}

    /** The gateway's own account's, but no process is seen that holds it. */
    record Unseen() implements PeerOwner {}

    /** Held by these processes, all of the gateway's own account. */
    record Held(Set<Long> pids) implements PeerOwner {
        public Held {
            pids = Set.copyOf(pids);
        }
    }

    /** Held by a process of an instance; without a name, of one that is no more. */
    record InstanceProcess(Optional<String> instance) implements PeerOwner {}

    /** The very user who runs the gateway, and no instance. */
    record Operator() implements PeerOwner {}
}
