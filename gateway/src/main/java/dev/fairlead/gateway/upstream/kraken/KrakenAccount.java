package dev.fairlead.gateway.upstream.kraken;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.upstream.Brokerage.Balance;
import dev.fairlead.gateway.upstream.Brokerage.Position;
import dev.fairlead.gateway.upstream.RefusalText;
import dev.fairlead.gateway.upstream.UpstreamNumber;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an account at Kraken holds on margin and has: {@code OpenPositions} and {@code Balance}. */
final class KrakenAccount {
    private static final String POSITIONS = "/0/private/OpenPositions";
    private static final String BALANCE = "/0/private/Balance";

    private final KrakenRest rest;

    KrakenAccount(KrakenRest rest) {
        this.rest = rest;
    }

    /** Those on margin; what was bought outright is a balance. */
    Future<List<Position>> positions() {
        return ask(POSITIONS, "", "its positions").map(result -> {
            List<Position> positions = new ArrayList<>();
            for (Map.Entry<String, JsonNode> one : result.properties()) {
                JsonNode position = one.getValue();
                BigDecimal volume = UpstreamNumber.of(position.path("vol"));
                BigDecimal open = volume.subtract(UpstreamNumber.of(position.path("vol_closed")));
                if (open.signum() > 0) {
                    positions.add(new Position(
                            RefusalText.of(position.path("pair").asText()),
                            position.path("type").asText().equals("sell") ? open.negate() : open,
                            Optional.of(UpstreamNumber.plain(
                                    UpstreamNumber.of(position.path("cost")).divide(volume, MathContext.DECIMAL32))),
                            Optional.empty()));
                }
            }
            return positions;
        });
    }

    Future<List<Balance>> balances() {
        return ask(BALANCE, "", "its balance").map(result -> {
            List<Balance> balances = new ArrayList<>();
            for (Map.Entry<String, JsonNode> one : result.properties()) {
                BigDecimal amount = UpstreamNumber.of(one.getValue());
                if (amount.signum() != 0) {
                    balances.add(new Balance("balance", RefusalText.of(one.getKey()), amount));
                }
            }
            return balances;
        });
    }

    /** Asks; fails, with a reason for people, where there is no answer or a refusal. */
    Future<JsonNode> ask(String path, String form, String what) {
        return rest.call(path, form).transform(done -> {
            if (done.failed()) {
                return Future.failedFuture(
                        "Kraken does not answer: " + done.cause().getMessage());
            }
            Optional<String> error = KrakenRest.error(done.result());
            JsonNode result = done.result().json().path("result");
            return done.result().status() == 200 && error.isEmpty() && result.isObject()
                    ? Future.succeededFuture(result)
                    : Future.failedFuture("Kraken answered " + done.result().status() + " to the question for " + what
                            + error.map(text -> ": " + KrakenRest.explained(text))
                                    .orElse(""));
        });
    }
}
