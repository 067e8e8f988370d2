package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.market.MarketCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.List;

/** {@code /api/quotes}: one quote, or several at a time. */
public final class QuoteCalls {
    private final Bus bus;

    public QuoteCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/quotes", Access.OPERATOR, this::several),
                Endpoint.get("/api/quotes/:symbol", Access.OPERATOR, this::one));
    }

    private Future<Answer> one(Call call) {
        if (call.rawPath().contains("//")) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "A slash in a symbol is written %2F: /api/quotes/%2F" + call.path("symbol") + " for /"
                            + call.path("symbol"));
        }
        return bus.request(new MarketCommands.GetQuotes(List.of(call.path("symbol"))))
                .map(answer -> Answer.ok(answer.quotes().get(0)));
    }

    private Future<Answer> several(Call call) {
        String symbols = call.query("symbols")
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Name the symbols: /api/quotes?symbols=AAPL,SPX, or /api/quotes/AAPL"));
        return bus.request(new MarketCommands.GetQuotes(List.of(symbols.split(",", -1))))
                .map(Answer::ok);
    }
}
