package dev.fairlead.gateway.upstream.dxlink;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the feed calls a symbol: an option, {@code SPY 260116C00600500} to brokers and clearers, is
 * {@code .SPY260116C600.5} to it; all others are called the same. Keeps the way back for those that are subscribed.
 */
final class FeedSymbols {
    private static final Pattern OCC = Pattern.compile("([A-Z0-9]{1,6}) *(\\d{6}[CP])(\\d{8})");

    private final Map<String, String> asAsked = new HashMap<>();

    /** The feed's names of {@code symbols}, whose quotes are called as here from now on. */
    List<String> learn(Collection<String> symbols) {
        return symbols.stream()
                .map(symbol -> {
                    String name = name(symbol);
                    if (!name.equals(symbol)) {
                        asAsked.put(name, symbol);
                    }
                    return name;
                })
                .toList();
    }

    /** The feed's names of {@code symbols}, whose quotes come no more. */
    List<String> forget(Collection<String> symbols) {
        List<String> names = symbols.stream().map(FeedSymbols::name).toList();
        names.forEach(asAsked::remove);
        return names;
    }

    /** What was asked for, by its name on the feed. */
    String asked(String name) {
        return asAsked.getOrDefault(name, name);
    }

    boolean renamesNothing() {
        return asAsked.isEmpty();
    }

    static String name(String symbol) {
        Matcher option = OCC.matcher(symbol);
        if (!option.matches()) {
            return symbol;
        }
        String strike = new BigDecimal(option.group(3))
                .movePointLeft(3)
                .stripTrailingZeros()
                .toPlainString();
        return '.' + option.group(1) + option.group(2) + strike;
    }
}
