package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.alerts.AlertCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /api/alerts}. Whom alerts go to stands in the settings alone: no call can send them anywhere else. */
public final class AlertCalls {
    /** More seconds than any silence may last, and fewer than a duration holds. */
    private static final long MOST_SECONDS = Duration.ofDays(3650).toSeconds();

    private record NewRule(String rule) {}

    private record Silence(Optional<Long> forSeconds) {}

    private final Bus bus;

    public AlertCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/api/alerts", Access.OPERATOR, call -> bus.request(new AlertCommands.GetAlerts())
                        .map(Answer::ok)),
                Endpoint.post("/api/alerts", Access.OPERATOR, this::add)
                        .audited("alert.add", call -> call.body(NewRule.class).rule()),
                Endpoint.delete("/api/alerts/:id", Access.OPERATOR, call -> bus.request(
                                        new AlertCommands.RemoveRule(call.path("id")))
                                .map(done -> Answer.nothing()))
                        .audited("alert.remove"),
                Endpoint.post("/api/alerts/:id/silence", Access.OPERATOR, this::silence)
                        .audited("alert.silence"),
                Endpoint.post("/api/alerts/:id/test", Access.OPERATOR, call -> bus.request(
                                        new AlertCommands.Test(call.path("id")))
                                .map(Answer::ok))
                        .audited("alert.test"));
    }

    private Future<Answer> add(Call call) {
        return bus.request(new AlertCommands.AddRule(call.body(NewRule.class).rule()))
                .map(found -> Answer.json(201, found.rule()));
    }

    private Future<Answer> silence(Call call) {
        long seconds = call.body(Silence.class)
                .forSeconds()
                .filter(given -> given >= 0 && given <= MOST_SECONDS)
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST, "Field 'for_seconds' is a whole number, 0 to end a silence"));
        return bus.request(new AlertCommands.Silence(call.path("id"), Duration.ofSeconds(seconds)))
                .map(Answer::ok);
    }
}
