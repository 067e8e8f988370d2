package dev.fairlead.gateway.bus;

/** How a concern is asked whether it works; asked at the place named after the concern's package. */
public final class HealthCommands {
    private HealthCommands() {}

    /** Asks one concern; it answers quickly and from what it knows, not from a long probe. */
    public record Check() implements Request<Result> {}

    /**
     * What a concern says of itself.
     *
     * @param ok whether it does its work
     * @param detail one line for people; empty where there is nothing to say
     */
    public record Result(boolean ok, String detail) {
        public static final Result OK = new Result(true, "");
    }
}
