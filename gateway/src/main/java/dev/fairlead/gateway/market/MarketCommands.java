package dev.fairlead.gateway.market;

import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.OfUpstream;
import dev.fairlead.protocol.Quote;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What can be asked of the market's concern. */
public final class MarketCommands {
    private MarketCommands() {}

    /**
     * The newest quotes of these symbols; one asked for the first time is subscribed. Refused with
     * {@code quote_unavailable} where there is a fresh quote of none of them, and {@code bad_request} where one is no
     * symbol.
     *
     * @param symbols at most {@link dev.fairlead.protocol.Symbols#MOST}
     */
    public record GetQuotes(List<String> symbols) implements Request<Quotes>, OfUpstream {
        public GetQuotes {
            symbols = List.copyOf(symbols);
        }
    }

    /**
     * The answer: a quote for each symbol, in their order; one without a source and without prices where none is to be
     * had.
     */
    public record Quotes(List<Quote> quotes) {
        public Quotes {
            quotes = List.copyOf(quotes);
        }
    }

    /**
     * An edge's agents want news of these symbols, and of no other. Counts for {@link Following#LEASE}, so it is said
     * again before that. Refused with {@code too_many_requests} where the market follows as many symbols as it may;
     * what the edge said before still counts then.
     *
     * @param follower the edge's bus place
     */
    public record Follow(String follower, Set<String> symbols) implements Request<Following> {
        public Follow {
            symbols = Set.copyOf(symbols);
        }
    }

    /**
     * A node follows these symbols, and no others, at the node that has the upstream, and is told of them by
     * {@link MarketNews}. Counts and is refused as {@link Follow}, and with {@code storage_unavailable} by a node that
     * has the upstream no more.
     */
    public record Supply(String node, Set<String> symbols) implements Request<Supplied>, OfUpstream {
        public Supply {
            symbols = Set.copyOf(symbols);
        }
    }

    /**
     * The answer to {@link Supply}.
     *
     * @param live whether the upstream's feed streams there
     * @param quotes the newest of each symbol that has one
     */
    public record Supplied(boolean live, List<Quote> quotes) {
        public Supplied {
            quotes = List.copyOf(quotes);
        }
    }

    /**
     * The answer to {@link Follow}.
     *
     * @param quotes the newest of each symbol that has one; later ones come by {@link MarketEvent.Updated}
     */
    public record Following(List<Quote> quotes) {
        /** How long a {@link Follow} counts. */
        public static final Duration LEASE = Duration.ofSeconds(60);

        public Following {
            quotes = List.copyOf(quotes);
        }
    }
}
