package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A provider's live quotes, one session at a time; it retries nothing. Used on the event loop of its concern. */
public interface QuoteFeed {
    /** Whether {@link #ticket} needs the upstream's access token. */
    boolean needsToken();

    /**
     * Fetches what opens sessions.
     *
     * @param accessToken of the upstream; present where {@link #needsToken} says so
     * @return fails with a {@link QuoteRefusal} alone
     */
    Future<FeedTicket> ticket(Optional<Secret> accessToken);

    /** Begins a session that brings the quotes of {@code symbols}; what becomes of it is told to {@code listener}. */
    Session open(FeedTicket ticket, Collection<String> symbols, Listener listener);

    /** Ends the use of the feed; sessions that are open end without a word. */
    Future<Void> close();

    /** A session that was begun. */
    interface Session {
        /** Brings the quotes of these, too. */
        void subscribe(Collection<String> symbols);

        /** Brings the quotes of these no more; what is on its way may still come. */
        void unsubscribe(Collection<String> symbols);

        /** Ends it; its listener hears nothing more. */
        void close();
    }

    /** What is told of a session, on the event loop that began it. */
    interface Listener {
        /** Everything is subscribed: quotes follow. */
        void ready();

        void quotes(List<MarketQuote> quotes);

        /** There are no quotes of a symbol, and none will come; {@code why} is for people. */
        void unknown(String symbol, String why);

        /** Something went wrong that the session survives; for the log. */
        void remarked(String what);

        /** It is over; told once, and last. */
        void ended(FeedEnd end);
    }
}
