package dev.fairlead.gateway.edge.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.access.Access;
import dev.fairlead.gateway.orders.OrderCommands;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.OrderStatus;
import io.vertx.core.Future;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code /api/orders}, {@code /api/positions} and {@code /api/balances}. */
public final class OrderCalls {
    private static final int PAGE = 100;
    private static final int MAX_PAGE = 1000;

    private record Terms(Optional<BigDecimal> quantity, Optional<BigDecimal> limitPrice) {}

    private record Reason(Optional<String> reason) {}

    private final Bus bus;

    public OrderCalls(Bus bus) {
        this.bus = bus;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post("/api/orders", Access.OPERATOR, this::submit).auditedByConcern(),
                Endpoint.get("/api/orders", Access.OPERATOR, this::list),
                Endpoint.get("/api/positions", Access.OPERATOR, call -> bus.request(new OrderCommands.GetPositions())
                        .map(Answer::ok)),
                Endpoint.get("/api/balances", Access.OPERATOR, call -> bus.request(new OrderCommands.GetBalances())
                        .map(Answer::ok)),
                Endpoint.get("/api/orders/:id", Access.OPERATOR, this::get),
                Endpoint.post(
                        "/api/orders/:id/confirm",
                        Access.OPERATOR,
                        call -> decide(call, OrderCommands.Decision.CONFIRM)),
                Endpoint.post(
                        "/api/orders/:id/reject", Access.OPERATOR, call -> decide(call, OrderCommands.Decision.REJECT)),
                Endpoint.post("/api/orders/:id/cancel", Access.OPERATOR, this::cancel),
                Endpoint.post("/api/orders/:id/replace", Access.OPERATOR, this::replace));
    }

    private Future<Answer> replace(Call call) {
        Terms terms = call.body(Terms.class);
        return bus.request(new OrderCommands.Replace(
                        Optional.empty(),
                        call.path("id"),
                        terms.quantity(),
                        terms.limitPrice(),
                        call.principal().actor(),
                        call.address()))
                .map(done -> Answer.ok(done.order()));
    }

    private Future<Answer> cancel(Call call) {
        return bus.request(new OrderCommands.Cancel(
                        Optional.empty(), call.path("id"), call.principal().actor(), call.address()))
                .map(done -> Answer.ok(done.order()));
    }

    private Future<Answer> submit(Call call) {
        AgentData.OrderSubmit order = call.body(AgentData.OrderSubmit.class);
        return bus.request(new OrderCommands.Submit(
                        Optional.empty(),
                        order.clientOrderId(),
                        order.symbol(),
                        order.side(),
                        order.quantity(),
                        order.orderType(),
                        order.limitPrice(),
                        call.address(),
                        call.traceparent()))
                .map(done -> Answer.json(done.known() ? 200 : 201, done.order()));
    }

    private Future<Answer> list(Call call) {
        return bus.request(new OrderCommands.Page(
                        call.query("status").map(OrderCalls::status),
                        call.number("limit", PAGE, 1, MAX_PAGE),
                        call.query("cursor")))
                .map(Answer::ok);
    }

    private Future<Answer> get(Call call) {
        return bus.request(new OrderCommands.Get(call.path("id"))).map(found -> {
            ObjectNode whole = FrameCodec.object();
            whole.setAll((ObjectNode) FrameCodec.toTree(found.order()));
            whole.set("history", FrameCodec.toTree(found.history()));
            found.facts().ifPresent(facts -> whole.set("facts", FrameCodec.toTree(facts)));
            return Answer.ok(whole);
        });
    }

    private Future<Answer> decide(Call call, OrderCommands.Decision decision) {
        Optional<String> reason = call.optionalBody(Reason.class).flatMap(Reason::reason);
        return bus.request(new OrderCommands.Decide(
                        call.path("id"),
                        decision,
                        reason,
                        call.principal().actor(),
                        call.address(),
                        call.traceparent()))
                .map(done -> Answer.ok(done.order()));
    }

    private static OrderStatus status(String text) {
        return Arrays.stream(OrderStatus.values())
                .filter(status -> status.wire().equals(text))
                .findFirst()
                .orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST,
                        "Parameter 'status' is one of "
                                + Arrays.stream(OrderStatus.values())
                                        .map(OrderStatus::wire)
                                        .collect(Collectors.joining(", "))));
    }
}
