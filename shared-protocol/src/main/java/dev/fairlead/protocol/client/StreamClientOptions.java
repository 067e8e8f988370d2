package dev.fairlead.protocol.client;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * How a stream is followed.
 *
 * @param url of the stream, its query included: {@code ws://localhost:18800/ws/instances}
 * @param token where the gateway wants one; sent in a header
 * @param pingInterval between the pings that keep the connection
 * @param silence without any frame for that long the link is dead
 * @param timeout for a connection to be made
 * @param backoff between attempts
 */
public record StreamClientOptions(
        String url,
        Optional<String> token,
        Duration pingInterval,
        Duration silence,
        Duration timeout,
        Supplier<Backoff> backoff) {

    /** Checks the URL. */
    public StreamClientOptions {
        Endpoint.parse(url);
    }

    /** With all that is usual: a ping every 30 s, 90 s of silence, 10 s to connect. */
    public static StreamClientOptions of(String url) {
        return new StreamClientOptions(
                url,
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofSeconds(90),
                Duration.ofSeconds(10),
                () -> Backoff.streams(new Random()));
    }

    public StreamClientOptions withToken(String secret) {
        return new StreamClientOptions(url, Optional.of(secret), pingInterval, silence, timeout, backoff);
    }

    public StreamClientOptions withPingInterval(Duration interval) {
        return new StreamClientOptions(url, token, interval, silence, timeout, backoff);
    }

    public StreamClientOptions withSilence(Duration limit) {
        return new StreamClientOptions(url, token, pingInterval, limit, timeout, backoff);
    }

    public StreamClientOptions withTimeout(Duration limit) {
        return new StreamClientOptions(url, token, pingInterval, silence, limit, backoff);
    }

    public StreamClientOptions withBackoff(Supplier<Backoff> policy) {
        return new StreamClientOptions(url, token, pingInterval, silence, timeout, policy);
    }

    /** Without the token and the query. */
    @Override
    public String toString() {
        return "StreamClientOptions[" + Endpoint.parse(url) + "]";
    }
}
