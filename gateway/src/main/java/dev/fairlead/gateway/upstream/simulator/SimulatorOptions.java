package dev.fairlead.gateway.upstream.simulator;

import java.time.Duration;
import java.util.List;

/**
 * How a simulated upstream is started.
 *
 * @param port 0 takes a free one
 * @param tokenLife of access tokens and of unused Kraken tokens
 * @param quoteTokenLife of the feed's tokens
 * @param quotePeriod how often quotes move
 * @param faults switched on from the start
 */
public record SimulatorOptions(
        String host, int port, Duration tokenLife, Duration quoteTokenLife, Duration quotePeriod, List<String> faults) {
    /** The port of {@code fairlead simulate-upstream}, next to the gateway's. */
    public static final int DEFAULT_PORT = 18_850;

    private static final Duration TOKEN_LIFE = Duration.ofMinutes(15);
    private static final Duration QUOTE_TOKEN_LIFE = Duration.ofHours(24);
    private static final Duration QUOTE_PERIOD = Duration.ofMillis(200);

    public SimulatorOptions {
        faults = List.copyOf(faults);
    }

    /** On {@code port} of this machine, with the lives the providers document. */
    public static SimulatorOptions onPort(int port) {
        return new SimulatorOptions("127.0.0.1", port, TOKEN_LIFE, QUOTE_TOKEN_LIFE, QUOTE_PERIOD, List.of());
    }

    public SimulatorOptions withTokenLife(Duration life) {
        return new SimulatorOptions(host, port, life, quoteTokenLife, quotePeriod, faults);
    }

    public SimulatorOptions withQuoteTokenLife(Duration life) {
        return new SimulatorOptions(host, port, tokenLife, life, quotePeriod, faults);
    }

    public SimulatorOptions withFaults(List<String> wanted) {
        return new SimulatorOptions(host, port, tokenLife, quoteTokenLife, quotePeriod, wanted);
    }
}
