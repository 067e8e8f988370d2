package dev.fairlead.gateway.upstream.tastytrade;

import java.util.Set;
import java.util.regex.Pattern;

/** What kind of instrument a symbol names: tastytrade asks for it, and a symbol is all that a caller gives. */
enum SymbolKind {
    EQUITY("equity"),
    INDEX("index"),
    EQUITY_OPTION("equity-option"),
    FUTURE("future"),
    FUTURE_OPTION("future-option"),
    CRYPTOCURRENCY("cryptocurrency");

    /** Those with listed options; an index looks like a share. */
    private static final Set<String> INDICES = Set.of(
            "SPX", "XSP", "NDX", "XND", "RUT", "MRUT", "DJX", "VIX", "VIX1D", "VIX9D", "VVIX", "OEX", "XEO", "NQX");

    /** Root padded to six, date, side, strike in thousandths, as the Options Clearing Corporation writes it. */
    private static final Pattern OCC = Pattern.compile("[A-Z0-9]{1,6} *\\d{6}[CP]\\d{8}");

    /** {@code BTC/USD} is a pair, {@code BRK/B} a share of class B. */
    private static final Pattern PAIR = Pattern.compile("[A-Z0-9]{2,10}/(USD|USDC|USDT|EUR|GBP|BTC|ETH)");

    private final String parameter;

    SymbolKind(String parameter) {
        this.parameter = parameter;
    }

    /** Its name in the query of {@code /market-data/by-type}. */
    String parameter() {
        return parameter;
    }

    static SymbolKind of(String symbol) {
        if (symbol.startsWith("./")) {
            return FUTURE_OPTION;
        }
        if (symbol.startsWith("/")) {
            return FUTURE;
        }
        if (OCC.matcher(symbol).matches()) {
            return EQUITY_OPTION;
        }
        if (PAIR.matcher(symbol).matches()) {
            return CRYPTOCURRENCY;
        }
        return INDICES.contains(symbol) ? INDEX : EQUITY;
    }
}
