/**
 * The agents that can chat, as models of OpenAI's API: a translation of its requests to turns of the chat, and of what
 * is told of a turn to its answers and events. What a turn may do is for the chat to decide.
 */
package dev.fairlead.gateway.faces.openai;
