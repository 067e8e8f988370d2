package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.tokens.TokenCommands;
import java.util.List;

/** {@code /api/token}: the upstream token's state, never the token. */
public final class TokenCalls {
    private final Bus bus;

    public TokenCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/token", Access.OPERATOR, call -> bus.request(new TokenCommands.GetToken())
                        .map(current -> Answer.ok(current.token()))),
                Endpoint.post("/api/token/refresh", Access.OPERATOR, call -> bus.request(
                                new TokenCommands.Refresh(call.principal().actor(), call.address()))
                        .map(current -> Answer.ok(current.token()))));
    }
}
