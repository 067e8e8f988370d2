package dev.fairlead.gateway.upstream;

import dev.fairlead.gateway.settings.Secret;
import io.vertx.core.Future;
import java.util.List;

/** Quotes by a single call. Used on the event loop of its concern. */
public interface QuoteLookup {
    /** Most symbols of one call. */
    int MOST_SYMBOLS = 100;

    /**
     * Asks once, without any retry.
     *
     * @param token the upstream's access token
     * @param symbols at most {@link #MOST_SYMBOLS}
     * @return the quotes of those symbols the upstream knows; fails with a {@link QuoteRefusal} alone
     */
    Future<List<MarketQuote>> fetch(Secret token, List<String> symbols);
}
