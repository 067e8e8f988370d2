package dev.fairlead.gateway.upstream.dxlink;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a feed calls the symbols that people ask for; some names are known only once somebody was asked. */
public interface FeedNames {
    /** The feed's name of a symbol, as far as it is known now. */
    Optional<String> name(String symbol);

    /** Those whose name is to be asked for: it never was, or so long ago that it may be another now. */
    Set<String> due(Collection<String> symbols);

    /**
     * Asks for names, which {@link #name} knows then.
     *
     * @return those that nobody knows, with the reason for people; fails, with a reason, where nobody could be asked
     */
    Future<Map<String, String>> lookUp(Set<String> symbols);
}
