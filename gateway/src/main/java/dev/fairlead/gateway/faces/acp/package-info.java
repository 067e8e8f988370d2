/**
 * The Agent Client Protocol, version 1, both ways: the adapter through which an agent that speaks it over stdio is an
 * agent of the fleet, and the agent through which an editor that speaks it talks to any agent of the fleet.
 */
package dev.fairlead.gateway.faces.acp;
