/** The audit trail: who did what, to what, when, from where. Others publish, this concern keeps and shows. */
package dev.fairlead.gateway.audit;
