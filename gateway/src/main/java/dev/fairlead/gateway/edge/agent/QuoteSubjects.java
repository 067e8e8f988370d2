package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.market.MarketCommands;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** {@code quote.*}: one quote now, or each from then on. */
public final class QuoteSubjects {
    private final Bus bus;

    public QuoteSubjects(Bus bus) {
        this.bus = bus;
    }

    public List<AgentEndpoint> endpoints() {
        return List.of(new AgentEndpoint(AgentSubjects.QUOTE_GET, (session, data) -> get(data)));
    }

    private Future<RawJson> get(Optional<RawJson> data) {
        String symbol = data.orElseThrow(
                        () -> new FairleadException(ErrorCode.BAD_REQUEST, "This needs data with a 'symbol'"))
                .as(AgentData.QuoteRequest.class)
                .symbol();
        return bus.request(new MarketCommands.GetQuotes(List.of(symbol)))
                .map(answer -> RawJson.of(
                        (Object) AgentData.AgentQuote.of(answer.quotes().get(0))));
    }
}
