package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.MarketQuote;
import dev.fairlead.gateway.upstream.QuoteLookup;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamCredentials;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import io.vertx.core.Future;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Quotes by {@code GET /market-data/by-type}. */
public final class TastytradeQuotes implements QuoteLookup {
    private static final String PATH = "/market-data/by-type";

    private final UpstreamHttp http;
    private final UpstreamCredentials.Tastytrade credentials;
    private final Optional<URI> baseUrl;

    /** @param baseUrl in place of tastytrade's own for the environment of the credentials */
    public TastytradeQuotes(UpstreamHttp http, UpstreamCredentials.Tastytrade credentials, Optional<URI> baseUrl) {
        this.http = http;
        this.credentials = credentials;
        this.baseUrl = baseUrl;
    }

    @Override
    public Future<List<MarketQuote>> fetch(Secret token, List<String> symbols) {
        URI uri = TastytradeAddress.of(credentials, baseUrl, PATH + '?' + query(symbols));
        return TastytradeAnswers.of(http.get(uri, Map.of("Authorization", "Bearer " + token.reveal())))
                .map(TastytradeQuotes::quotes);
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
