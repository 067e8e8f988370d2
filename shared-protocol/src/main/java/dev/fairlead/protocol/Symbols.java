package dev.fairlead.protocol;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What may be a symbol: {@code AAPL}, {@code BRK/B}, {@code /ESZ6}, {@code BTC/USD}, an option's with its spaces. */
public final class Symbols {
    /** Most symbols of one request, and of one subscriber. */
    public static final int MOST = 100;

    private static final Pattern SYMBOL = Pattern.compile("[A-Za-z0-9./:$^_=&+#@-][A-Za-z0-9 ./:$^_=&+#@-]{0,63}");

    private Symbols() {}

    /**
     * The symbols of one request, without surrounding spaces, each once, in their order.
     *
     * @throws FairleadException {@code bad_request}, where one is no symbol, or there are too many
     */
    public static Set<String> of(Collection<String> texts) {
        return of(texts, MOST);
    }

    /** As {@link #of(Collection)}, with a bound of its own. */
    public static Set<String> of(Collection<String> texts, int most) {
        Set<String> symbols = new LinkedHashSet<>();
        for (String text : texts) {
            String symbol = text.strip();
            if (!SYMBOL.matcher(symbol).matches()) {
                throw new FairleadException(
                        ErrorCode.BAD_REQUEST,
                        "Not a symbol: use 1 to 64 of letters, digits, space and . / : $ ^ _ = & + # @ -");
            }
            symbols.add(symbol);
        }
        if (symbols.size() > most) {
            throw new FairleadException(ErrorCode.BAD_REQUEST, "At most " + most + " symbols at a time");
        }
        return symbols;
    }

    /** The symbols of a list with commas, as {@code ?symbols=} has it. */
    public static Set<String> ofList(String list) {
        return of(List.of(list.split(",", -1)).stream()
                .filter(text -> !text.isBlank())
                .toList());
    }
}
