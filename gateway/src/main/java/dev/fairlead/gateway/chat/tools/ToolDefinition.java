package dev.fairlead.gateway.chat.tools;

/**
 * A tool as an agent is offered it.
 *
 * @param name {@code snake_case}, a verb first
 * @param description what it does and when to use it, for people and models
 */
public record ToolDefinition(String name, String description, Parameters parameters, Effect effect) {
    /** What a call may do to the world. */
    public enum Effect {
        /** Only looks. Never needs a person. */
        READ,
        /** Changes something that can be changed back; a person approves it, unless it was them who asked for it. */
        CHANGE,
        /** Cannot be taken back, such as an order; a person approves it in any case. */
        IRREVERSIBLE
    }
}
