package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders by {@code /accounts/{n}/orders}, as tastytrade's documentation has it. The order's id is its
 * {@code external-identifier}, which tastytrade echoes and never checks for duplicates.
 */
public final class TastytradeOrders implements Brokerage {
    private static final String NO_TOKEN = "there is no access token to ask with";
    private static final int PAGE = 100;

    /** So many are asked for one by one. */
    private static final int FEW = 3;

    /** An account with more orders than this since one was sent is not searched to its end. */
    private static final int MOST_PAGES = 50;

    /** The days of an exchange are not those of UTC, nor its clock ours. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final TastytradeRest rest;
    private final UpstreamSession session;
    private final TastytradeAccount account;
    private final String orders;

    /** For one account. */
    public TastytradeOrders(TastytradeRest rest, UpstreamSession session, String account) {
        this.rest = rest;
        this.session = session;
        String path = "/accounts/" + URLEncoder.encode(account, StandardCharsets.UTF_8);
        this.account = new TastytradeAccount(rest, session, path);
        this.orders = path + "/orders";
    }

    @Override
    public Future<Submission> submit(Ticket ticket) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.succeededFuture(new Declined("there is no access token; nothing was sent"));
        }
        return rest.send(HttpMethod.POST, orders, token, TastytradeOrder.body(ticket))
                .transform(done -> Future.succeededFuture(
                        done.succeeded()
                                ? submission(done.result())
                                : new Lost(rest.name() + " did not answer: "
                                        + done.cause().getMessage())));
    }

    @Override
    public Future<Optional<Submission>> find(UUID key, Instant since) {
        return search(key, since, 0).map(found -> found.map(this::known));
    }

    @Override
    public Future<Instruction> cancel(UUID key, String upstreamId) {
        return instruct(HttpMethod.DELETE, upstreamId, FrameCodec.object(), "cancellation");
    }

    /** It makes another order of it, with the same legs: only the price can be named. */
    @Override
    public Future<Instruction> replace(Amendment amendment) {
        ObjectNode body = TastytradeOrder.body(amendment.next());
        body.remove("legs");
        return instruct(HttpMethod.PUT, amendment.upstreamId(), body, "replacement");
    }

    @Override
    public Optional<String> refusesToReplace(Ticket order, Ticket next, BigDecimal filled) {
        if (order.quantity().compareTo(next.quantity()) != 0) {
            return Optional.of(rest.name() + " replaces an order's price alone; cancel it and place another for another"
                    + " quantity");
        }
        return filled.signum() > 0
                ? Optional.of(rest.name() + " does not replace an order that is partially filled; cancel the rest and"
                        + " place another")
                : Optional.empty();
    }

    @Override
    public Future<Optional<Successor>> successor(Amendment amendment, Instant since) {
        UUID key = amendment.next().id();
        return search(key, since, 0).map(found -> found.map(order -> new Successor(key, TastytradeOrder.state(order))));
    }

    /**
     * One by one where there are few; else by the list of all that work or ended today, and one by one what is older.
     */
    @Override
    public Future<List<Optional<State>>> look(List<Sought> sought) {
        return sought.size() <= FEW ? look(sought, Map.of()) : ofToday().compose(today -> look(sought, today));
    }

    private Future<List<Optional<State>>> look(List<Sought> sought, Map<String, State> known) {
        Future<List<Optional<State>>> seen = Future.succeededFuture(List.of());
        for (Sought one : sought) {
            Optional<State> found = Optional.ofNullable(known.get(one.upstreamId()));
            seen = seen.compose(before -> (found.isPresent() ? Future.succeededFuture(found) : look(one)).map(state -> {
                List<Optional<State>> all = new ArrayList<>(before);
                all.add(state);
                return all;
            }));
        }
        return seen;
    }

    private Future<Map<String, State>> ofToday() {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.failedFuture(NO_TOKEN);
        }
        return rest.get(orders + "/live", token.get()).transform(done -> {
            if (done.failed() || done.result().status() != 200) {
                return Future.succeededFuture(
                        Map.of()); // too many for one answer, perhaps: they are asked for one by one
            }
            Map<String, State> today = new HashMap<>();
            done.result().json().at("/data/items").forEach(item -> {
                State state = TastytradeOrder.state(item);
                today.put(state.upstreamId(), state);
            });
            return Future.succeededFuture(today);
        });
    }

    private Future<Optional<State>> look(Sought one) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.failedFuture(NO_TOKEN);
        }
        return rest.get(path(one.upstreamId()), token.get()).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(
                        rest.name() + " does not answer: " + done.cause().getMessage());
            }
            JsonNode order = done.result().json().path("data");
            if (done.result().status() == 200 && order.hasNonNull("id")) {
                return Future.succeededFuture(Optional.of(TastytradeOrder.state(order)));
            }
            return done.result().status() == 404
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(
                            rest.name() + " answered " + done.result().status() + " to the question for an order");
        });
    }

    private Future<Instruction> instruct(HttpMethod method, String upstreamId, ObjectNode body, String what) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.succeededFuture(new Refused("there is no access token; nothing was sent"));
        }
        return rest.send(method, path(upstreamId), token, body).transform(done -> {
            if (done.failed()) {
                return Future.succeededFuture(new Unanswered(
                        rest.name() + " did not answer: " + done.cause().getMessage()));
            }
            int status = done.result().status();
            if (status >= 200 && status < 300) {
                return Future.succeededFuture(new Taken());
            }
            if (status == 406) {
                return Future.succeededFuture(new Refused(rest.versionRefused()));
            }
            return Future.succeededFuture(
                    status >= 400 && status < 500 && status != 408 && status != 429
                            ? new Refused(rest.name() + " refuses the " + what + " with status " + status
                                    + TastytradeOrder.explanation(done.result()))
                            : new Unanswered(rest.name() + " answered " + status + " to the " + what));
        });
    }

    private String path(String upstreamId) {
        return orders + "/" + URLEncoder.encode(upstreamId, StandardCharsets.UTF_8);
    }

    @Override
    public Future<List<Position>> positions() {
        return account.positions();
    }

    @Override
    public Future<List<Balance>> balances() {
        return account.balances();
    }

    @Override
    public Standing standing(String status) {
        return TastytradeOrder.standing(status);
    }

    @Override
    public Optional<String> refuses(String symbol) {
        return Instrument.of(symbol) == Instrument.CRYPTOCURRENCY
                ? Optional.of("tastytrade takes no orders for cryptocurrencies: it switched them off on 2026-06-29")
                : Optional.empty();
    }

    private Future<Optional<JsonNode>> search(UUID key, Instant since, int number) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.failedFuture(NO_TOKEN);
        }
        String query =
                "?start-date=" + since.minus(MARGIN).atZone(ZoneOffset.UTC).toLocalDate() + "&per-page=" + PAGE
                        + "&page-offset=" + number;
        return rest.get(orders + query, token.get()).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(
                        rest.name() + " does not answer: " + done.cause().getMessage());
            }
            JsonNode answer = done.result().json();
            JsonNode items = answer.at("/data/items");
            if (done.result().status() != 200 || !items.isArray()) {
                return Future.failedFuture(
                        rest.name() + " answered " + done.result().status() + " to the question for its orders");
            }
            for (JsonNode item : items) {
                if (item.path("external-identifier").asText().equals(key.toString())) {
                    return Future.succeededFuture(Optional.of(item));
                }
            }
            if (number + 1 >= answer.at("/pagination/total-pages").asInt(1)) {
                return Future.succeededFuture(Optional.empty());
            }
            return number + 1 < MOST_PAGES
                    ? search(key, since, number + 1)
                    : Future.failedFuture("the account has too many orders to look through");
        });
    }

    private Submission submission(UpstreamAnswer answer) {
        JsonNode order = answer.json().at("/data/order");
        int status = answer.status();
        if ((status == 200 || status == 201) && order.hasNonNull("id")) {
            return known(order);
        }
        if (status >= 400 && status < 500 && status != 408) {
            return new Declined(
                    status == 406
                            ? rest.versionRefused()
                            : rest.name() + " refuses the order with status " + status
                                    + TastytradeOrder.explanation(answer));
        }
        return new Lost(rest.name() + " answered " + status + " without an order");
    }

    private Submission known(JsonNode order) {
        String status = RefusalText.of(order.path("status").asText());
        return status.equals("Rejected")
                ? new Declined(rest.name() + " rejected the order"
                        + TastytradeOrder.colon(
                                RefusalText.of(order.path("reject-reason").asText())))
                : new Placed(RefusalText.of(order.path("id").asText()), status);
    }
}
