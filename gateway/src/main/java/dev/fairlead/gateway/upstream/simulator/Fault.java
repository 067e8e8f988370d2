package dev.fairlead.gateway.upstream.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What the simulated upstream can be made to do wrong. */
public enum Fault {
    /** The token call refuses the refresh token, with status 400. */
    INVALID_GRANT,
    /** The same with status 401 and under the name {@code error}; nobody documents which it is. */
    INVALID_GRANT_401,
    /** The token call is refused as {@code invalid_request}, as a healthy sandbox does now and then. */
    INVALID_REQUEST,
    /** The token call hands out another refresh token; the old one is refused from then on. */
    ROTATE_REFRESH_TOKEN,
    /** Every REST call: 401 with the HTML page of a proxy in front. */
    HTML_401,
    /** Every REST call: 429. */
    RATE_LIMIT,
    /** Every REST call: 429 with {@code Retry-After: 2}. */
    RATE_LIMIT_RETRY_AFTER,
    /** Every REST call: 500. */
    SERVER_ERROR,
    /** Every REST call: no answer, ever. */
    HANG,
    /** Every call with an access token: 406, as for a version of the API that is served no more. */
    UNSUPPORTED_VERSION,
    /** Access tokens are refused as expired. */
    EXPIRED_ACCESS_TOKEN,
    /** The account is no customer: no quote token. */
    CUSTOMER_NOT_FOUND,
    /** Quote tokens are refused by the feed. */
    EXPIRED_QUOTE_TOKEN,
    /** The next contract of every future is the active one, as after the third Friday. */
    FUTURES_ROLLED,
    /** Of an order that fills, half does, and the rest waits. */
    PARTIAL_FILL,
    /** No order fills, wherever the market is. */
    NEVER_FILLED,
    /** An order, its cancellation or its replacement is taken, the answer lost with the connection. */
    LOST_ORDER_REPLY,
    /** Kraken sends no news of an order. */
    LOST_EXECUTION,
    /** Kraken's private sockets are cut. */
    DROP_KRAKEN,
    /** Sockets stay open and say nothing more. */
    HALF_OPEN,
    /** Feed sockets are cut without a word, as by a network that fails: clients see 1006. */
    DROP_FEED,
    /** Feed sockets are closed with 1001, as by a server that is replaced. */
    CLOSE_FEED,
    /** The feed refuses an {@code AUTH} that does not wait for {@code UNAUTHORIZED}. */
    STRICT_AUTH,
    /** Events of one type come as several pairs of one frame. */
    SPLIT_PAIRS,
    /** The feed closes with 1009 at a message of more than 8 KiB. */
    SMALL_FRAMES,
    /** A symbol the feed does not know brings an {@code ERROR} on its channel, which stays open. */
    CHANNEL_ERROR,
    /** The feed has its own order of fields, and says so. */
    REORDERED_FIELDS,
    /** {@code FEED_CONFIG} follows the first data. */
    LATE_FEED_CONFIG,
    /** The feed leaves out the sizes and says so. */
    TRIMMED_FEED_CONFIG,
    /** Objects come where {@code COMPACT} was asked. */
    FULL_FOR_COMPACT,
    /** Flat arrays come where {@code FULL} was asked. */
    COMPACT_FOR_FULL,
    /** Every number of a quote is the string {@code NaN}. */
    NAN,
    KRAKEN_INVALID_KEY,
    KRAKEN_INVALID_SIGNATURE,
    KRAKEN_INVALID_NONCE,
    KRAKEN_PERMISSION_DENIED,
    KRAKEN_LOCKOUT,
    KRAKEN_RATE_LIMIT,
    KRAKEN_UNAVAILABLE,
    KRAKEN_THROTTLED,
    /** A private subscription is refused whatever its token. */
    KRAKEN_INVALID_SESSION;

    /** Its name on the command line and in {@code /_simulator/faults}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Fault> of(String wire) {
        return Arrays.stream(values())
                .filter(fault -> fault.wire().equals(wire))
                .findFirst();
    }
}
