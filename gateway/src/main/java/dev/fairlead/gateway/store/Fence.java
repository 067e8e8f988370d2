package dev.fairlead.gateway.store;

/**
 * The right of one node to act for something, as a lease gave it. Whoever is given the lease next gets a higher number,
 * so that what the last owner still has in hand is told from what the new one decides.
 *
 * @param name of the lease
 * @param owner the node that has it
 * @param number rises with every owner and never comes again; 0 where a node is alone and there is no lease
 */
public record Fence(String name, String owner, long number) {}
