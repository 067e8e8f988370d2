package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.orders.OrderCommands;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * {@code order.submit}, {@code order.cancel}, {@code order.replace}: whose order it is is the session's name, whatever
 * a frame says.
 */
public final class OrderSubjects {
    private final Bus bus;

    public OrderSubjects(Bus bus) {
        this.bus = bus;
    }

    public List<AgentEndpoint> endpoints() {
        return List.of(
                new AgentEndpoint(AgentSubjects.ORDER_SUBMIT, this::submit),
                new AgentEndpoint(AgentSubjects.ORDER_CANCEL, this::cancel),
                new AgentEndpoint(AgentSubjects.ORDER_REPLACE, this::replace));
    }

    private Future<RawJson> replace(AgentSession session, Optional<RawJson> data) {
        AgentData.OrderReplace order = data.orElseThrow(() -> new FairleadException(
                        ErrorCode.BAD_REQUEST,
                        "This subject needs data with 'client_order_id' and what is to be another"))
                .as(AgentData.OrderReplace.class);
        return bus.request(new OrderCommands.Replace(
                        Optional.of(session.name()),
                        order.clientOrderId(),
                        order.quantity(),
                        order.limitPrice(),
                        "agent:" + session.name(),
                        ""))
                .map(done -> accepted(done.order()));
    }

    private Future<RawJson> cancel(AgentSession session, Optional<RawJson> data) {
        AgentData.OrderCancel order = data.orElseThrow(() ->
                        new FairleadException(ErrorCode.BAD_REQUEST, "This subject needs data with 'client_order_id'"))
                .as(AgentData.OrderCancel.class);
        return bus.request(new OrderCommands.Cancel(
                        Optional.of(session.name()), order.clientOrderId(), "agent:" + session.name(), ""))
                .map(done -> accepted(done.order()));
    }

    private Future<RawJson> submit(AgentSession session, Optional<RawJson> data, Optional<String> traceparent) {
        AgentData.OrderSubmit order = data.orElseThrow(
                        () -> new FairleadException(ErrorCode.BAD_REQUEST, "This subject needs data"))
                .as(AgentData.OrderSubmit.class);
        return bus.request(new OrderCommands.Submit(
                        Optional.of(session.name()),
                        order.clientOrderId(),
                        order.symbol(),
                        order.side(),
                        order.quantity(),
                        order.orderType(),
                        order.limitPrice(),
                        "",
                        traceparent))
                .map(done -> accepted(done.order()));
    }

    private static RawJson accepted(OrderCommands.OrderSummary order) {
        return RawJson.of((Object)
                new AgentData.OrderAccepted(order.orderId(), order.status().wire(), order.mode()));
    }
}
