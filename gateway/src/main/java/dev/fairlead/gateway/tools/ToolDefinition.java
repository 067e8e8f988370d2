package dev.fairlead.gateway.tools;

import java.util.Set;

/**
 * A tool as an agent is offered it.
 *
 * @param name {@code snake_case}, a verb first
 * @param description what it does and when to use it, for people and models
 * @param traits what else there is to say of a call that does more than look
 */
public record ToolDefinition(String name, String description, Parameters parameters, Effect effect, Set<Trait> traits) {
    public ToolDefinition {
        traits = Set.copyOf(traits);
    }

    public ToolDefinition(String name, String description, Parameters parameters, Effect effect) {
        this(name, description, parameters, effect, Set.of());
    }

    /** What a call may do to the world. */
    public enum Effect {
        /** Only looks. Never needs a person. */
        READ,
        /** Changes something that can be changed back; a person approves it, unless it was them who asked for it. */
        CHANGE,
        /** Cannot be taken back, such as an order; a person approves it in any case. */
        IRREVERSIBLE
    }

    /** What a client may want to know before it calls. */
    public enum Trait {
        /** Work that is under way is broken off. */
        INTERRUPTS,
        /** The same call once more changes nothing more. */
        IDEMPOTENT
    }

    /** Whether the same call once more changes nothing more. */
    public boolean idempotent() {
        return effect == Effect.READ || traits.contains(Trait.IDEMPOTENT);
    }

    /** Whether something is broken off or cannot be had back. */
    public boolean destructive() {
        return effect == Effect.IRREVERSIBLE || traits.contains(Trait.INTERRUPTS);
    }
}
