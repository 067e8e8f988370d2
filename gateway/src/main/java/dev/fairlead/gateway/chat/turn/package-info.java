/**
 * What answers in a chat, as the chat sees it: {@link dev.fairlead.gateway.chat.turn.ChatAgent} and all it is given for
 * one turn. The kinds of agents build on this and know nothing of sessions, sockets or the store.
 */
package dev.fairlead.gateway.chat.turn;
