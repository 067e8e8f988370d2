package dev.fairlead.gateway.upstream.tastytrade;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.upstream.Brokerage.Balance;
import dev.fairlead.gateway.upstream.Brokerage.Position;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import dev.fairlead.gateway.upstream.UpstreamSession;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an account at tastytrade holds and has: {@code /accounts/{n}/positions} and {@code /balances}. */
final class TastytradeAccount {
    /** Of some sixty sums those that say what can be traded with. */
    private static final List<String> SUMS = List.of(
            "net-liquidating-value",
            "cash-balance",
            "equity-buying-power",
            "derivative-buying-power",
            "maintenance-requirement",
            "pending-cash");

    private final TastytradeRest rest;
    private final UpstreamSession session;
    private final String account;

    /** @param account its path, such as {@code /accounts/5WT00001} */
    TastytradeAccount(TastytradeRest rest, UpstreamSession session, String account) {
        this.rest = rest;
        this.session = session;
        this.account = account;
    }

    Future<List<Position>> positions() {
        return ask("/positions").map(data -> {
            List<Position> positions = new ArrayList<>();
            for (JsonNode item : data.path("items")) {
                BigDecimal quantity = UpstreamNumber.of(item.path("quantity"));
                if (quantity.signum() != 0) {
                    positions.add(new Position(
                            RefusalText.of(item.path("symbol").asText()),
                            item.path("quantity-direction").asText().equals("Short") ? quantity.negate() : quantity,
                            price(item.path("average-open-price")),
                            price(item.path("mark-price")).or(() -> price(item.path("close-price")))));
                }
            }
            return positions;
        });
    }

    Future<List<Balance>> balances() {
        return ask("/balances").map(data -> {
            String currency = RefusalText.of(data.path("currency").asText("USD"));
            List<Balance> balances = new ArrayList<>();
            for (String sum : SUMS) {
                if (data.hasNonNull(sum)) {
                    balances.add(new Balance(sum.replace('-', '_'), currency, UpstreamNumber.of(data.path(sum))));
                }
            }
            return balances;
        });
    }

    private static Optional<BigDecimal> price(JsonNode field) {
        return Optional.of(UpstreamNumber.of(field)).filter(price -> price.signum() != 0);
    }

    private Future<JsonNode> ask(String what) {
        Optional<Secret> token = session.token();
        if (token.isEmpty()) {
            return Future.failedFuture("there is no access token to ask with");
        }
        return rest.get(account + what, token.get()).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(
                        rest.name() + " does not answer: " + done.cause().getMessage());
            }
            JsonNode data = done.result().json().path("data");
            if (done.result().status() == 200 && data.isObject()) {
                return Future.succeededFuture(data);
            }
            return Future.failedFuture(
                    done.result().status() == 406
                            ? rest.versionRefused()
                            : rest.name() + " answered " + done.result().status()
                                    + " to the question for the account's " + what.substring(1)
                                    + TastytradeOrder.explanation(done.result()));
        });
    }
}
