package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.OptionSymbols;
import dev.fairlead.gateway.upstream.dxlink.FeedNames;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The feed's names of futures, their options and cryptocurrencies, which {@code GET /instruments/…} alone knows:
 * {@code /ESZ6} is {@code /ESZ26:XCME} there. A product without a month, {@code /ES}, stands for its active contract
 * and so for another one once that has rolled. Used on one event loop.
 */
public final class StreamerSymbols implements FeedNames {
    /** A contract rolls once a quarter or month, at an hour of its exchange's own. */
    private static final Duration KEPT = Duration.ofHours(1);

    /** What nobody knows may be listed tomorrow. */
    private static final Duration UNKNOWN_KEPT = Duration.ofMinutes(5);

    private static final int MOST_A_CALL = 50;
    private static final int MOST_KEPT = 10_000;
    private static final Pattern PRODUCT = Pattern.compile("/[A-Z0-9]{1,4}");
    private static final Pattern CONTRACT = Pattern.compile("/[A-Z0-9]{1,4}[FGHJKMNQUVXZ]\\d{1,2}");

    /**
     * What was answered.
     *
     * @param name the feed's; empty where nobody knows the symbol
     * @param contract the broker's: the symbol itself, or the contract that a product stands for
     */
    private record Entry(Optional<String> name, String contract, long until) {}

    /** One kind of question. */
    private record Question(String path, String parameter) {}

    private static final Question FUTURES = new Question("futures", "symbol");
    private static final Question PRODUCTS = new Question("futures", "product-code");
    private static final Question FUTURE_OPTIONS = new Question("future-options", "symbol");
    private static final Question CRYPTO = new Question("cryptocurrencies", "symbol");

    private final TastytradeRest rest;
    private final Supplier<Optional<Secret>> token;
    private final TimeSource time;
    private final Map<String, Entry> entries = new HashMap<>();

    /** @param token the upstream's access token, as it is now */
    public StreamerSymbols(TastytradeRest rest, Supplier<Optional<Secret>> token, TimeSource time) {
        this.rest = rest;
        this.token = token;
        this.time = time;
    }

    @Override
    public Optional<String> name(String symbol) {
        if (question(symbol).isEmpty()) {
            return Optional.of(OptionSymbols.streamed(symbol).orElse(symbol));
        }
        return Optional.ofNullable(entries.get(symbol)).flatMap(Entry::name);
    }

    @Override
    public Set<String> due(Collection<String> symbols) {
        Set<String> due = new LinkedHashSet<>();
        long now = time.nanos();
        for (String symbol : symbols) {
            if (question(symbol).isPresent()) {
                Entry entry = entries.get(symbol);
                if (entry == null || now - entry.until() >= 0) {
                    due.add(symbol);
                }
            }
        }
        return due;
    }

    @Override
    public Future<Map<String, String>> lookUp(Set<String> symbols) {
        Optional<Secret> secret = token.get();
        if (secret.isEmpty()) {
            return Future.failedFuture("there is no upstream token to ask with");
        }
        List<Future<Map<String, String>>> calls = new ArrayList<>();
        Map<Question, List<String>> byQuestion = new LinkedHashMap<>();
        symbols.forEach(symbol -> question(symbol).ifPresent(question -> byQuestion
                .computeIfAbsent(question, none -> new ArrayList<>())
                .add(symbol)));
        byQuestion.forEach((question, all) -> {
            for (int from = 0; from < all.size(); from += MOST_A_CALL) {
                calls.add(ask(question, all.subList(from, Math.min(all.size(), from + MOST_A_CALL)), secret.get()));
            }
        });
        return Future.all(calls).map(done -> {
            Map<String, String> unknown = new TreeMap<>();
            done.<Map<String, String>>list().forEach(unknown::putAll);
            return unknown;
        });
    }

    /** The broker's name: the contract that a product stands for, an option as clearers write it, else the symbol. */
    String contract(String symbol) {
        return Optional.ofNullable(entries.get(symbol))
                .map(Entry::contract)
                .or(() -> OptionSymbols.occ(symbol))
                .orElse(symbol);
    }

    private Future<Map<String, String>> ask(Question question, List<String> symbols, Secret secret) {
        StringBuilder query = new StringBuilder("/instruments/").append(question.path());
        char joint = '?';
        for (String symbol : symbols) {
            String value = question.equals(PRODUCTS) ? symbol.substring(1) : symbol;
            query.append(joint)
                    .append(question.parameter())
                    .append("%5B%5D=")
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20"));
            joint = '&';
        }
        return TastytradeAnswers.of(rest, rest.get(query.toString(), secret)).map(answer -> {
            Map<String, Entry> found = found(question, answer.json().at("/data/items"));
            Map<String, String> unknown = new TreeMap<>();
            for (String symbol : symbols) {
                Entry entry = found.get(symbol);
                if (entry == null) {
                    unknown.put(
                            symbol,
                            rest.name() + " knows no such "
                                    + Instrument.of(symbol).wire().toLowerCase(Locale.ROOT));
                    entry = new Entry(Optional.empty(), symbol, time.nanos() + UNKNOWN_KEPT.toNanos());
                }
                keep(symbol, entry);
            }
            return unknown;
        });
    }

    private Map<String, Entry> found(Question question, JsonNode items) {
        Map<String, Entry> found = new HashMap<>();
        long until = time.nanos() + KEPT.toNanos();
        for (JsonNode item : items) {
            String contract = item.path("symbol").asText();
            Optional<String> name =
                    Optional.of(item.path("streamer-symbol").asText()).filter(text -> !text.isEmpty());
            if (!question.equals(PRODUCTS)) {
                found.put(contract, new Entry(name, contract, until));
            } else if (item.path("active-month").asBoolean()) {
                found.put('/' + item.path("product-code").asText(), new Entry(name, contract, until));
            }
        }
        return found;
    }

    private void keep(String symbol, Entry entry) {
        if (entries.size() >= MOST_KEPT && !entries.containsKey(symbol)) {
            long now = time.nanos();
            entries.values().removeIf(old -> now - old.until() >= 0);
        }
        if (entries.size() < MOST_KEPT || entries.containsKey(symbol)) {
            entries.put(symbol, entry);
        }
    }

    /** Whom to ask for a symbol's name; nobody where its form gives it, or it is the feed's own already. */
    private static Optional<Question> question(String symbol) {
        if (symbol.indexOf(':') >= 0) {
            return Optional.empty();
        }
        return switch (Instrument.of(symbol)) {
            case FUTURE ->
                Optional.of(
                        PRODUCT.matcher(symbol).matches()
                                        && !CONTRACT.matcher(symbol).matches()
                                ? PRODUCTS
                                : FUTURES);
            case FUTURE_OPTION -> Optional.of(FUTURE_OPTIONS);
            case CRYPTOCURRENCY -> Optional.of(CRYPTO);
            case EQUITY, INDEX, EQUITY_OPTION -> Optional.empty();
        };
    }
}
