/**
 * Chats: sessions, their turns, what is kept of them, and who answers. Other rooms meet it through {@code ChatCommands}
 * and {@code ChatEvent}. Of its own rooms, {@code turn} is what the kinds of agents are given, {@code tools} what they
 * can do, and each kind has one of its own.
 */
package dev.fairlead.gateway.chat;
