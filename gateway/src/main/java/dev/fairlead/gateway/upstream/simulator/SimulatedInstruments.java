package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.protocol.FrameCodec;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be traded, and what the feed calls it: futures, their options and cryptocurrencies have names there that
 * nothing but this list gives. Shares and their options are known whatever they are called, but for those that begin
 * with {@code NOSUCH}: these nobody knows, and the feed is silent about them for ever.
 */
final class SimulatedInstruments {
    private static final String NOBODY_KNOWS = "NOSUCH";
    private static final String MONTHS = "FGHJKMNQUVXZ";
    private static final Pattern CONTRACT = Pattern.compile("/([A-Z0-9]{1,4}?)([FGHJKMNQUVXZ])(\\d)");
    private static final Pattern STREAMED_CONTRACT =
            Pattern.compile("/([A-Z0-9]{1,4}?)([FGHJKMNQUVXZ])\\d(\\d):(X[A-Z]{3})");

    /**
     * {@code ./ESU4 EW4Q4 240823C5750}: the contract, the option's own root with month and year, the day, the strike.
     */
    private static final Pattern FUTURE_OPTION = Pattern.compile(
            "\\./([A-Z0-9]{1,4}?)[FGHJKMNQUVXZ]\\d +([A-Z0-9]{1,4}[FGHJKMNQUVXZ])\\d (\\d\\d)\\d{4}" + "([CP][0-9.]+)");

    private static final Pattern SHARE = Pattern.compile("[A-Z][A-Z0-9._-]{0,19}(/[A-Z])?");
    private static final Pattern STREAMED_OPTION =
            Pattern.compile("\\.([A-Z0-9]{1,6})(\\d{6}[CP])(\\d{1,5}(?:\\.\\d{1,3})?)");

    /** Exchange and multiplier of a product, and the months it has contracts of. */
    private record Product(String exchange, String multiplier, String months) {}

    private static final String QUARTERS = "HMUZ";
    private static final Map<String, Product> PRODUCTS = new TreeMap<>(Map.of(
            "ES", new Product("XCME", "50.0", QUARTERS),
            "MES", new Product("XCME", "5.0", QUARTERS),
            "NQ", new Product("XCME", "20.0", QUARTERS),
            "RTY", new Product("XCME", "50.0", QUARTERS),
            "ZN", new Product("XCBT", "1000.0", QUARTERS),
            "CL", new Product("XNYM", "1000.0", MONTHS),
            "GC", new Product("XCEC", "100.0", "GJMQVZ")));

    private static final Map<String, String> CRYPTO = new TreeMap<>(Map.of(
            "BTC/USD", "BTC/USD:CXTALP",
            "ETH/USD", "ETH/USD:CXTALP",
            "SOL/USD", "SOL/USD:CXTALP"));

    private final TimeSource time;
    private final Faults faults;

    SimulatedInstruments(TimeSource time, Faults faults) {
        this.time = time;
        this.faults = faults;
    }

    /** Whether brokers know {@code symbol} under the kind that its form tells. */
    boolean isKnown(String symbol) {
        return switch (Instrument.of(symbol)) {
            case FUTURE -> future(symbol).isPresent();
            case FUTURE_OPTION -> futureOption(symbol).isPresent();
            case CRYPTOCURRENCY -> CRYPTO.containsKey(symbol);
            case INDEX -> true;
            case EQUITY, EQUITY_OPTION ->
                !symbol.startsWith(NOBODY_KNOWS)
                        && (SHARE.matcher(symbol).matches() || Instrument.of(symbol) == Instrument.EQUITY_OPTION);
        };
    }

    /** What is quoted under a name of the feed; empty where it is silent about it. */
    Optional<String> quoted(String name) {
        Matcher contract = STREAMED_CONTRACT.matcher(name);
        if (contract.matches()) {
            return Optional.of('/' + contract.group(1) + contract.group(2) + contract.group(3))
                    .filter(symbol -> streamed(symbol).filter(name::equals).isPresent());
        }
        if (name.endsWith(":CXTALP")) {
            return CRYPTO.entrySet().stream()
                    .filter(pair -> pair.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .findFirst();
        }
        if (name.startsWith("./")) {
            return Optional.of(name).filter(option -> option.contains(":X"));
        }
        Matcher option = STREAMED_OPTION.matcher(name);
        if (option.matches()) {
            long strike = new BigDecimal(option.group(3)).movePointRight(3).longValueExact();
            return Optional.of(String.format("%-6s%s%08d", option.group(1), option.group(2), strike))
                    .filter(this::isKnown);
        }
        return Optional.of(name)
                .filter(share -> Instrument.of(share) == Instrument.EQUITY || Instrument.of(share) == Instrument.INDEX)
                .filter(this::isKnown);
    }

    /** What the feed calls a future or a future's option. */
    Optional<String> streamed(String symbol) {
        return (symbol.startsWith("./") ? futureOption(symbol) : future(symbol))
                .map(instrument -> instrument.path("streamer-symbol").asText());
    }

    /** A contract by its symbol, {@code /ESZ6}. */
    Optional<ObjectNode> future(String symbol) {
        Matcher contract = CONTRACT.matcher(symbol);
        if (!contract.matches()
                || !PRODUCTS.containsKey(contract.group(1))
                || !PRODUCTS.get(contract.group(1)).months().contains(contract.group(2))) {
            return Optional.empty();
        }
        int digit = Integer.parseInt(contract.group(3));
        int year = today().getYear();
        year += Math.floorMod(digit - year, 10); // the next one that ends in it
        return Optional.of(contract(contract.group(1), contract.group(2).charAt(0), year));
    }

    /** The contracts of a product, the active one first. */
    List<ObjectNode> futures(String product) {
        List<ObjectNode> all = new ArrayList<>();
        if (PRODUCTS.containsKey(product)) {
            for (int year = today().getYear(); year <= today().getYear() + 1; year++) {
                for (char month : PRODUCTS.get(product).months().toCharArray()) {
                    if (expiry(month, year).isAfter(today())) {
                        all.add(contract(product, month, year));
                    }
                }
            }
        }
        return all;
    }

    Optional<ObjectNode> cryptocurrency(String symbol) {
        return Optional.ofNullable(CRYPTO.get(symbol)).map(name -> FrameCodec.object()
                .put("id", 1)
                .put("symbol", symbol)
                .put("instrument-type", Instrument.CRYPTOCURRENCY.wire())
                .put("short-description", symbol)
                .put("description", symbol)
                .put("is-closing-only", true)
                .put("active", true)
                .put("tick-size", "0.01")
                .put("streamer-symbol", name)
                .set("destination-venue-symbols", FrameCodec.object().putArray("none")));
    }

    Optional<ObjectNode> futureOption(String symbol) {
        Matcher option = FUTURE_OPTION.matcher(symbol);
        if (!option.matches() || !PRODUCTS.containsKey(option.group(1))) {
            return Optional.empty();
        }
        String name = "./" + option.group(2) + option.group(3) + option.group(4) + ':'
                + PRODUCTS.get(option.group(1)).exchange();
        return Optional.of(FrameCodec.object()
                .put("symbol", symbol)
                .put("instrument-type", Instrument.FUTURE_OPTION.wire())
                .put("underlying-symbol", symbol.substring(1, symbol.indexOf(' ')))
                .put("active", true)
                .put("streamer-symbol", name));
    }

    private ObjectNode contract(String product, char month, int year) {
        LocalDate ends = expiry(month, year);
        Product of = PRODUCTS.get(product);
        return FrameCodec.object()
                .put("symbol", "/" + product + month + year % 10)
                .put("product-code", product)
                .put("instrument-type", Instrument.FUTURE.wire())
                .put("contract-size", of.multiplier())
                .put("notional-multiplier", of.multiplier())
                .put("tick-size", "0.25")
                .put("expiration-date", ends.toString())
                .put("last-trade-date", ends.toString())
                .put("expires-at", ends + "T14:30:00.000+00:00")
                .put("stops-trading-at", ends + "T13:30:00.000+00:00")
                .put("active", true)
                .put("active-month", isActive(of, ends))
                .put("next-active-month", false)
                .put("back-month-first-calendar-symbol", false)
                .put("display-factor", "0.01")
                .put("product-group", "Simulated")
                .put("is-closing-only", false)
                .put("exchange", of.exchange().substring(1))
                .put("streamer-exchange-code", of.exchange())
                .put("streamer-symbol", String.format("/%s%c%02d:%s", product, month, year % 100, of.exchange()));
    }

    /** Of the contracts that have not ended, the first; once they have rolled, the second. */
    private boolean isActive(Product product, LocalDate ends) {
        List<LocalDate> left = new ArrayList<>();
        for (int year = today().getYear(); year <= today().getYear() + 1; year++) {
            for (char month : product.months().toCharArray()) {
                if (expiry(month, year).isAfter(today())) {
                    left.add(expiry(month, year));
                }
            }
        }
        return left.get(faults.isOn(Fault.FUTURES_ROLLED) ? 1 : 0).equals(ends);
    }

    /** The third Friday of its month. */
    private static LocalDate expiry(char month, int year) {
        return LocalDate.of(year, MONTHS.indexOf(month) + 1, 1)
                .with(TemporalAdjusters.dayOfWeekInMonth(3, DayOfWeek.FRIDAY));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(time.instant(), ZoneOffset.UTC);
    }
}
