package dev.fairlead.gateway.chat.llm;

/**
 * A model wants a function called.
 *
 * @param id by which its output is given back
 * @param arguments JSON as the model wrote it, which may be none
 */
record FunctionCall(String id, String name, String arguments) {}
