/**
 * Orders: judged, confirmed, stored, sent once, and found again where the answer was lost. Other rooms ask by
 * {@code OrderCommands} and hear {@code OrderEvent}.
 */
package dev.fairlead.gateway.orders;
