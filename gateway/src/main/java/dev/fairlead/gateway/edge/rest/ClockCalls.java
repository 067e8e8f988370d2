package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.ledger.LedgerTimeCommands;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.util.List;

/** {@code POST /api/admin/clock}: the operator takes the machine's clock for right. */
public final class ClockCalls {
    private record Trust(boolean trust) {}

    private final Bus bus;

    public ClockCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/api/admin/clock", Access.ADMIN, this::trust).audited("clock.trust"));
    }

    private Future<Answer> trust(Call call) {
        if (!call.body(Trust.class).trust()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "Field 'trust' has to be true: it accepts the machine's clock as it is");
        }
        return bus.request(new LedgerTimeCommands.TrustClock()).map(Answer::ok);
    }
}
