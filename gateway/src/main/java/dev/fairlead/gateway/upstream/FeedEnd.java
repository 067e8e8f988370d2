package dev.fairlead.gateway.upstream;

/**
 * How a session of a feed ended.
 *
 * @param refused whether the ticket is no good; another one may be
 * @param reason for people; holds nothing the feed was sent
 */
public record FeedEnd(boolean refused, String reason) {
    public static FeedEnd lost(String reason) {
        return new FeedEnd(false, reason);
    }

    public static FeedEnd refused(String reason) {
        return new FeedEnd(true, reason);
    }
}
