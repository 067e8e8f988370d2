package dev.fairlead.gateway.upstream;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a symbol names, as its form tells: the providers' symbols do not overlap. */
public enum Instrument {
    EQUITY("Equity", 1),
    INDEX("Index", 0),
    EQUITY_OPTION("Equity Option", 100),
    FUTURE("Future", 0),
    FUTURE_OPTION("Future Option", 0),
    CRYPTOCURRENCY("Cryptocurrency", 1);

    /** {@code BTC/USD} is a pair, {@code BRK/B} a share of class B. */
    private static final Pattern PAIR =
            Pattern.compile("[A-Z0-9.]{2,10}/(USD|USDT|USDC|EUR|GBP|CAD|AUD|CHF|JPY|BTC|ETH)");
    /** Those with listed options; an index looks like a share. */
    private static final Set<String> INDICES = Set.of(
            "SPX", "XSP", "NDX", "XND", "RUT", "MRUT", "DJX", "VIX", "VIX1D", "VIX9D", "VVIX", "OEX", "XEO", "NQX");

    private final String wire;
    private final int multiplier;

    Instrument(String wire, int multiplier) {
        this.wire = wire;
        this.multiplier = multiplier;
    }

    /** tastytrade's {@code instrument-type}. */
    public String wire() {
        return wire;
    }

    /** How much of what is priced one contract is; empty where that differs from contract to contract. */
    public Optional<Integer> multiplier() {
        return multiplier == 0 ? Optional.empty() : Optional.of(multiplier);
    }

    /** Its name in the query of tastytrade's {@code /market-data/by-type}. */
    public String parameter() {
        return wire.toLowerCase(Locale.ROOT).replace(' ', '-');
    }

    /** What {@code symbol} names. */
    public static Instrument of(String symbol) {
        if (symbol.startsWith("./")) {
            return FUTURE_OPTION;
        }
        if (symbol.startsWith("/")) {
            return FUTURE;
        }
        if (OptionSymbols.occ(symbol).isPresent()) {
            return EQUITY_OPTION;
        }
        if (PAIR.matcher(symbol).matches()) {
            return CRYPTOCURRENCY;
        }
        return INDICES.contains(symbol) ? INDEX : EQUITY;
    }
}
