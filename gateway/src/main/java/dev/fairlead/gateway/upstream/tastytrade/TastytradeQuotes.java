package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteLookup;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Quotes by {@code GET /market-data/by-type}. */
public final class TastytradeQuotes implements QuoteLookup {
    private static final String PATH = "/market-data/by-type";

    private final TastytradeRest rest;
    private final StreamerSymbols names;

    /** @param names knows the contract that a product stands for */
    public TastytradeQuotes(TastytradeRest rest, StreamerSymbols names) {
        this.rest = rest;
        this.names = names;
    }

    @Override
    public Future<List<MarketQuote>> fetch(Secret token, List<String> symbols) {
        Set<String> due = names.due(symbols);
        return due.isEmpty()
                ? known(token, symbols)
                : names.lookUp(due).compose(unknown -> {
                    List<String> left = symbols.stream()
                            .filter(symbol -> !unknown.containsKey(symbol))
                            .toList();
                    return left.isEmpty() ? Future.succeededFuture(List.of()) : known(token, left);
                });
    }

    /** Answers under the names that were asked for, of which several may mean one contract. */
    private Future<List<MarketQuote>> known(Secret token, List<String> symbols) {
        Map<String, List<String>> asked = symbols.stream()
                .collect(Collectors.groupingBy(names::contract, LinkedHashMap::new, Collectors.toList()));
        return TastytradeAnswers.of(rest, rest.get(PATH + '?' + query(List.copyOf(asked.keySet())), token))
                .map(answer -> {
                    List<MarketQuote> quotes = new ArrayList<>();
                    for (MarketQuote quote : quotes(answer)) {
                        for (String symbol : asked.getOrDefault(quote.symbol(), List.of(quote.symbol()))) {
                            quotes.add(new MarketQuote(
                                    symbol, quote.bid(), quote.ask(), quote.bidSize(), quote.askSize()));
                        }
                    }
                    return quotes;
                });
    }

    /** Each symbol under the parameter of its kind. */
    static String query(List<String> symbols) {
        Map<String, List<String>> byKind = symbols.stream()
                .collect(Collectors.groupingBy(
                        symbol -> Instrument.of(symbol).parameter(), TreeMap::new, Collectors.toList()));
        return byKind.entrySet().stream()
                .map(kind -> kind.getKey() + '=' + encoded(String.join(",", kind.getValue())))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static List<MarketQuote> quotes(UpstreamAnswer answer) {
        List<MarketQuote> quotes = new ArrayList<>();
        for (JsonNode item : answer.json().at("/data/items")) {
            String symbol = item.path("symbol").asText();
            if (!symbol.isEmpty()) {
                quotes.add(new MarketQuote(
                        symbol,
                        decimal(item, "bid"),
                        decimal(item, "ask"),
                        decimal(item, "bid-size"),
                        decimal(item, "ask-size")));
            }
        }
        return quotes;
    }

    /** Decimals are strings, and some are missing. */
    private static double decimal(JsonNode item, String field) {
        try {
            return Double.parseDouble(item.path(field).asText("NaN"));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
