package dev.fairlead.gateway.tools;

/** What is known of a call that was under way when the gateway ended. */
public sealed interface Recovery {
    /** It took effect: what came of it, as JSON. */
    record Done(String output) implements Recovery {}

    /** It took no effect, or has none a second time: it can be made. */
    record Again() implements Recovery {}

    /** Nobody can tell: a person decides. */
    record Unknown() implements Recovery {}
}
