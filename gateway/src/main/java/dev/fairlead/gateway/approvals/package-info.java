/**
 * What waits for a person, whoever asks: calls of tools, orders, what agents and clients of the faces want to do. One
 * inbox, one table. A concern keeps its question ({@link dev.fairlead.gateway.approvals.ApprovalRows}) in the very
 * transaction that keeps what it asks about, stays the one who decides what the answer does, and is handed answers from
 * the inbox by {@link dev.fairlead.gateway.approvals.ApprovalCommands.Carry}. This room knows none of them.
 */
package dev.fairlead.gateway.approvals;
