/**
 * What stands in front of every request: who may be connected, how much is read ahead of the answers, and how much may
 * wait for a client that takes nothing. It knows bytes, addresses and time, and nothing of what is asked.
 */
package dev.fairlead.gateway.edge.intake;
