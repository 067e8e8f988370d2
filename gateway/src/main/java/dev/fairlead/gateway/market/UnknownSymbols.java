package dev.fairlead.gateway.market;

import dev.fairlead.gateway.time.StateMachine;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Symbols that are followed and of which nothing was ever heard: watched until they are, or turn out to be none.
 * Bounded by what is followed. Plain state.
 */
@StateMachine
final class UnknownSymbols {
    private final Set<String> watched = new LinkedHashSet<>();
    private final Set<String> missing = new HashSet<>();
    private final Map<String, String> why = new LinkedHashMap<>();
    private final Set<String> news = new LinkedHashSet<>();

    /** Somebody follows a symbol that there is no quote of; of one that is unknown, they are told so. */
    void asked(String symbol) {
        if (why.containsKey(symbol)) {
            news.add(symbol);
        } else {
            watched.add(symbol);
        }
    }

    /** A single call brought nothing of it; the feed may still. */
    void missing(String symbol) {
        if (watched.contains(symbol)) {
            missing.add(symbol);
        }
    }

    boolean isMissing(String symbol) {
        return missing.contains(symbol);
    }

    /** It is unknown for good. */
    void told(String symbol, String reason) {
        watched.remove(symbol);
        missing.remove(symbol);
        if (!reason.equals(why.put(symbol, reason))) {
            news.add(symbol);
        }
    }

    /** There is a quote of it, or nobody follows it any more. */
    void known(String symbol) {
        watched.remove(symbol);
        missing.remove(symbol);
        why.remove(symbol);
        news.remove(symbol);
    }

    Set<String> watched() {
        return watched;
    }

    Optional<String> why(String symbol) {
        return Optional.ofNullable(why.get(symbol));
    }

    Map<String, String> among(Collection<String> symbols) {
        Map<String, String> found = new LinkedHashMap<>();
        symbols.forEach(symbol -> why(symbol).ifPresent(reason -> found.put(symbol, reason)));
        return found;
    }

    boolean hasNews() {
        return !news.isEmpty();
    }

    Map<String, String> take() {
        Map<String, String> taken = among(news);
        news.clear();
        return taken;
    }
}
