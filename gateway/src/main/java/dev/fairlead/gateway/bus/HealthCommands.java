package dev.fairlead.gateway.bus;

/** How a concern is asked whether it works; asked at the place named after the concern's package. */
public final class HealthCommands {
    private HealthCommands() {}

    /** Asks one concern; it answers quickly and from what it knows, not from a long probe. */
    public record Check() implements Request<Result> {}

    /** How well a concern does its work. */
    public enum Status {
        OK,
        /** It does what it can; something outside keeps it from the rest. */
        DEGRADED,
        FAILED
    }

    /**
     * What a concern says of itself.
     *
     * @param detail one line for people; empty where there is nothing to say
     */
    public record Result(Status status, String detail) {
        public static final Result OK = new Result(true, "");

        /** @param ok whether it does its work */
        public Result(boolean ok, String detail) {
            this(ok ? Status.OK : Status.FAILED, detail);
        }

        /** It works, but not wholly; {@code reason} says what is missing. */
        public static Result degraded(String reason) {
            return new Result(Status.DEGRADED, reason);
        }
    }
}
