/**
 * Which node acts for what. {@link dev.fairlead.gateway.cluster.Ownership} is all that a concern knows of it: whether
 * it may act for a key, and under which fences it commits. A gateway that is alone owns everything and keeps no row; in
 * a fleet each owner holds leases in PostgreSQL, which rest on nothing else.
 */
package dev.fairlead.gateway.cluster;
