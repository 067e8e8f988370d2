package dev.fairlead.gateway.chat.budget;

/**
 * Who a model is called for.
 *
 * @param agent that answers: {@code llm}, {@code agent:<name>}
 */
public record Spender(String sessionId, String turnId, String agent) {}
