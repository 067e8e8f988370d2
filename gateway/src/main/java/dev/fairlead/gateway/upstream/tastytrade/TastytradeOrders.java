package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.gateway.upstream.Instrument;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.Side;
import dev.fairlead.gateway.upstream.UpstreamAnswer;
import dev.fairlead.gateway.upstream.UpstreamHttp;
import dev.fairlead.gateway.upstream.UpstreamSession;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders by {@code /accounts/{n}/orders}, as tastytrade's documentation has it. The order's id is its
 * {@code external-identifier}, which tastytrade echoes and never checks for duplicates.
 */
public final class TastytradeOrders implements Brokerage {
    private static final int PAGE = 100;

    /** An account with more orders than this since one was sent is not searched to its end. */
    private static final int MOST_PAGES = 50;

    /** The days of an exchange are not those of UTC, nor its clock ours. */
    private static final Duration MARGIN = Duration.ofDays(1);

    private final TastytradeRest rest;
    private final UpstreamSession session;
    private final String orders;

    /** For one account. */
    public TastytradeOrders(TastytradeRest rest, UpstreamSession session, String account) {
        this.rest = rest;
        this.session = session;
        this.orders = "/accounts/" + URLEncoder.encode(account, StandardCharsets.UTF_8) + "/orders";
    }

    @Override
    public Future<Submission> submit(Ticket ticket) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.succeededFuture(new Declined("there is no access token; nothing was sent"));
        }
        return rest.send(HttpMethod.POST, orders, token, body(ticket))
                .transform(done -> Future.succeededFuture(
                        done.succeeded()
                                ? submission(done.result())
                                : new Lost(rest.name() + " did not answer: "
                                        + done.cause().getMessage())));
    }

    @Override
    public Future<Optional<Submission>> find(UUID id, Instant since) {
        return page(id, since, 0);
    }

    @Override
    public Future<Cancellation> cancel(UUID id, String upstreamId) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.succeededFuture(new Refused("there is no access token; nothing was sent"));
        }
        String path = orders + "/" + URLEncoder.encode(upstreamId, StandardCharsets.UTF_8);
        return rest.send(HttpMethod.DELETE, path, token, FrameCodec.object()).transform(done -> {
            if (done.failed()) {
                return Future.succeededFuture(new Unanswered(
                        rest.name() + " did not answer: " + done.cause().getMessage()));
            }
            int status = done.result().status();
            if (status >= 200 && status < 300) {
                return Future.succeededFuture(new Taken());
            }
            return Future.succeededFuture(
                    status >= 400 && status < 500 && status != 408 && status != 429
                            ? new Refused(rest.name() + " refuses the cancellation with status " + status
                                    + explanation(done.result()))
                            : new Unanswered(rest.name() + " answered " + status + " to the cancellation"));
        });
    }

    @Override
    public Standing standing(String status) {
        return switch (status) {
            case "Filled" -> Standing.FILLED;
            case "Cancelled", "Expired", "Removed", "Rejected" -> Standing.CANCELLED;
            default -> Standing.WORKING;
        };
    }

    @Override
    public Optional<String> refuses(String symbol) {
        return Instrument.of(symbol) == Instrument.CRYPTOCURRENCY
                ? Optional.of("tastytrade takes no orders for cryptocurrencies: it switched them off on 2026-06-29")
                : Optional.empty();
    }

    private Future<Optional<Submission>> page(UUID id, Instant since, int number) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.failedFuture("there is no access token to ask with");
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
                if (item.path("external-identifier").asText().equals(id.toString())) {
                    return Future.succeededFuture(Optional.of(known(item)));
                }
            }
            if (number + 1 >= answer.at("/pagination/total-pages").asInt(1)) {
                return Future.succeededFuture(Optional.empty());
            }
            return number + 1 < MOST_PAGES
                    ? page(id, since, number + 1)
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
                            : rest.name() + " refuses the order with status " + status + explanation(answer));
        }
        return new Lost(rest.name() + " answered " + status + " without an order");
    }

    private Submission known(JsonNode order) {
        String status = RefusalText.of(order.path("status").asText());
        return status.equals("Rejected")
                ? new Declined(rest.name() + " rejected the order"
                        + colon(RefusalText.of(order.path("reject-reason").asText())))
                : new Placed(RefusalText.of(order.path("id").asText()), status);
    }

    /** What tastytrade says of the order; of a refused token it says nothing worth repeating. */
    private static String explanation(UpstreamAnswer answer) {
        if (answer.status() == 401) {
            return ": the access token";
        }
        JsonNode error = answer.json().path("error");
        String reason = error.at("/errors/0/reason")
                .asText(error.at("/errors/0/message").asText());
        return colon(RefusalText.of(reason.isEmpty() ? error.path("message").asText() : reason));
    }

    private static String colon(String text) {
        return text.isEmpty() ? "" : ": " + text;
    }

    private static ObjectNode body(Ticket ticket) {
        Instrument instrument = Instrument.of(ticket.symbol());
        ObjectNode order = FrameCodec.object()
                .put("time-in-force", "Day")
                .put("order-type", ticket.limitPrice().isPresent() ? "Limit" : "Market");
        ticket.limitPrice().ifPresent(price -> order.put("price", price.toPlainString())
                .put("price-effect", ticket.side().buys() ? "Debit" : "Credit"));
        order.put("source", UpstreamHttp.USER_AGENT)
                .put("external-identifier", ticket.id().toString());
        order.putArray("legs")
                .addObject()
                .put("instrument-type", instrument.wire())
                .put("symbol", ticket.symbol())
                .put("quantity", ticket.quantity())
                .put("action", action(instrument, ticket.side()));
        return order;
    }

    /** Futures know no opening and closing. */
    private static String action(Instrument instrument, Side side) {
        if (instrument == Instrument.FUTURE) {
            return side.buys() ? "Buy" : "Sell";
        }
        return switch (side) {
            case BUY, BUY_TO_OPEN -> "Buy to Open";
            case BUY_TO_CLOSE -> "Buy to Close";
            case SELL_TO_OPEN -> "Sell to Open";
            case SELL, SELL_TO_CLOSE -> "Sell to Close";
        };
    }
}
