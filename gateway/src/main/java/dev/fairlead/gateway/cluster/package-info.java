/**
 * Which node acts for what. {@link dev.fairlead.gateway.cluster.Ownership} is all that a concern knows of it: whether
 * it may act for a key, and under which fences it commits. A gateway that is alone owns everything and keeps no row; in
 * a fleet each owner holds leases in PostgreSQL, which rest on nothing else.
 *
 * <p>Who belongs to a fleet is judged before anybody hears of it ({@link dev.fairlead.gateway.cluster.AdmissionRules}):
 * its clock first, as nobody who is refused gives the fleet a key; then its key, which the first node brings, and which
 * has to be the one that signed the tokens of the agents that are there. A node's lives are told apart by the fence of
 * its own name, which rises even where its row was forgotten meanwhile.
 *
 * <p>What nodes tell each other is sealed under that key and bound to one life of the receiver, so that a stranger on
 * the network can neither speak as a node nor repeat one. It is not hidden, and the ports of the members and of the
 * event bus can be filled by who reaches them: they listen at {@code cluster.host} alone, and belong into a network of
 * the nodes.
 */
package dev.fairlead.gateway.cluster;
