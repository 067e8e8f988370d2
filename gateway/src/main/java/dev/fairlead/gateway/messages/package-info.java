/**
 * Durable messages between agents: accepted when committed, leased to the recipient's connection, delivered at least
 * once, in order per sender and recipient. {@link dev.fairlead.gateway.messages.MessageBus} holds the rules; other
 * rooms meet it through {@link dev.fairlead.gateway.messages.MessageCommands} and
 * {@link dev.fairlead.gateway.messages.MessageNews}.
 */
package dev.fairlead.gateway.messages;
