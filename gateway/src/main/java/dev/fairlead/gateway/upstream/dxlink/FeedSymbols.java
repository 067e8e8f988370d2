package dev.fairlead.gateway.upstream.dxlink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What is subscribed, by the feed's names and by those that were asked for: several may be asked for by which the feed
 * means one. A symbol whose name is not known yet is not subscribed. Plain state.
 */
final class FeedSymbols {
    private final Function<String, Optional<String>> names;
    private final Map<String, String> subscribed = new HashMap<>();
    private final Map<String, Set<String>> askedAs = new HashMap<>();
    private int renamed;

    FeedSymbols(Function<String, Optional<String>> names) {
        this.names = names;
    }

    /** The names to subscribe so that these symbols are. */
    List<String> learn(Collection<String> symbols) {
        List<String> added = new ArrayList<>();
        for (String symbol : symbols) {
            Optional<String> name = subscribed.containsKey(symbol) ? Optional.empty() : names.apply(symbol);
            name.ifPresent(known -> {
                subscribed.put(symbol, known);
                renamed += known.equals(symbol) ? 0 : 1;
                Set<String> asked = askedAs.computeIfAbsent(known, none -> new LinkedHashSet<>());
                if (asked.isEmpty()) {
                    added.add(known);
                }
                asked.add(symbol);
            });
        }
        return added;
    }

    /** The names to subscribe where nothing is any more, so that these symbols are. */
    List<String> relearn(Collection<String> symbols) {
        subscribed.clear();
        askedAs.clear();
        renamed = 0;
        return learn(symbols);
    }

    /** The names to unsubscribe: those that none is left of who asked for them. */
    List<String> forget(Collection<String> symbols) {
        List<String> gone = new ArrayList<>();
        for (String symbol : symbols) {
            String name = subscribed.remove(symbol);
            if (name == null) {
                continue;
            }
            renamed -= name.equals(symbol) ? 0 : 1;
            askedAs.computeIfPresent(name, (same, asked) -> {
                asked.remove(symbol);
                return asked.isEmpty() ? null : asked;
            });
            if (!askedAs.containsKey(name)) {
                gone.add(name);
            }
        }
        return gone;
    }

    /** What was asked for, by its name on the feed; nothing where that is not subscribed any more. */
    Set<String> asked(String name) {
        return askedAs.getOrDefault(name, Set.of());
    }

    /** The symbols that are subscribed under a name which occurs in {@code text}, as a whole word. */
    Set<String> mentioned(String text) {
        Set<String> found = new LinkedHashSet<>();
        for (String word : text.split("[\\s,;\"'()\\[\\]{}]+", -1)) {
            found.addAll(asked(word));
            found.addAll(asked(word.replaceFirst("[.:!]$", "")));
        }
        return found;
    }

    boolean renamesNothing() {
        return renamed == 0;
    }
}
