package dev.fairlead.gateway.upstream;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An option on a share has two names: {@code SPY 260116C00600500} to brokers and clearers (OCC: the root in six
 * columns, the day, call or put, the strike in thousandths), {@code .SPY260116C600.5} to the feed.
 */
public final class OptionSymbols {
    private static final Pattern OCC = Pattern.compile("([A-Z0-9]{1,6}) *(\\d{6}[CP])(\\d{8})");
    private static final Pattern STREAMED =
            Pattern.compile("\\.([A-Z0-9]{1,6}?)(\\d{6}[CP])(\\d{1,5}(?:\\.\\d{1,3})?)");

    private OptionSymbols() {}

    /** The broker's name of an option that is called by either; empty for what is no option on a share. */
    public static Optional<String> occ(String symbol) {
        Matcher occ = OCC.matcher(symbol);
        if (occ.matches()) {
            return Optional.of(padded(occ.group(1), occ.group(2), Long.parseLong(occ.group(3))));
        }
        Matcher streamed = STREAMED.matcher(symbol);
        return streamed.matches()
                ? Optional.of(padded(
                        streamed.group(1),
                        streamed.group(2),
                        new BigDecimal(streamed.group(3)).movePointRight(3).longValueExact()))
                : Optional.empty();
    }

    /** The feed's name of an option that is called by either; empty for what is no option on a share. */
    public static Optional<String> streamed(String symbol) {
        if (STREAMED.matcher(symbol).matches()) {
            return Optional.of(symbol);
        }
        Matcher occ = OCC.matcher(symbol);
        if (!occ.matches()) {
            return Optional.empty();
        }
        String strike = new BigDecimal(occ.group(3))
                .movePointLeft(3)
                .stripTrailingZeros()
                .toPlainString();
        return Optional.of('.' + occ.group(1) + occ.group(2) + strike);
    }

    private static String padded(String root, String dayAndKind, long thousandths) {
        return String.format(Locale.ROOT, "%-6s%s%08d", root, dayAndKind, thousandths);
    }
}
