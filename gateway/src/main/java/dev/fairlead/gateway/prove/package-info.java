/**
 * The bad-day suite: a gateway of its own, agents that send each other messages, faults of the kinds a machine makes,
 * and a checker that holds what the gateway promised against what was seen. {@code fairlead prove} and CI run the same.
 */
package dev.fairlead.gateway.prove;
