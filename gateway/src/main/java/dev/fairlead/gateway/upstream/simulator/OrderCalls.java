package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** tastytrade's {@code /accounts/{n}/orders}. On the simulator's event loop only. */
final class OrderCalls {
    private static final String ORDERS = "/accounts/:account/orders";
    private static final String ONE = ORDERS + "/:id";

    private final Faults faults;
    private final SimulatedOrders orders;

    OrderCalls(Faults faults, SimulatedOrders orders) {
        this.faults = faults;
        this.orders = orders;
    }

    void mount(TastytradeRoutes routes, Router router) {
        routes.add(router, HttpMethod.POST, ORDERS, "orders", this::place);
        routes.add(router, HttpMethod.POST, ORDERS + "/dry-run", "orders_dry_run", this::rehearse);
        routes.add(router, HttpMethod.GET, ORDERS, "orders_list", context -> list(context, orders.list()));
        routes.add(router, HttpMethod.GET, ORDERS + "/live", "orders_live", context -> list(context, orders.live()));
        routes.add(router, HttpMethod.GET, ONE, "orders_get", this::one);
        routes.add(router, HttpMethod.DELETE, ONE, "orders_cancel", this::cancel);
        routes.add(router, HttpMethod.PUT, ONE, "orders_replace", this::replace);
        routes.add(router, HttpMethod.PATCH, ONE, "orders_replace", this::replace);
    }

    /** Whether a call is for the one account there is; any other is answered here. */
    static boolean isAccount(RoutingContext context) {
        if (context.pathParam("account").equals(SimulatedAccount.ACCOUNT)) {
            return true;
        }
        RestGate.error(context, 403, "not_permitted", "User not permitted access");
        return false;
    }

    private void place(RoutingContext context) {
        order(context).ifPresent(order -> {
            ObjectNode placed = orders.place(context.pathParam("account"), order);
            if (!lost(context)) {
                TastytradeRoutes.answer(context, 201, orderData(placed));
            }
        });
    }

    private void rehearse(RoutingContext context) {
        order(context)
                .ifPresent(order -> TastytradeRoutes.answer(
                        context, 201, orderData(orders.rehearse(context.pathParam("account"), order))));
    }

    private void list(RoutingContext context, ArrayNode items) {
        if (isAccount(context)) {
            ObjectNode data = FrameCodec.object();
            data.set("items", items);
            ObjectNode body = FrameCodec.object();
            body.set("data", data);
            body.put("context", context.request().path())
                    .putObject("pagination")
                    .put("per-page", items.size())
                    .put("page-offset", 0)
                    .put("item-offset", 0)
                    .put("total-items", items.size())
                    .put("total-pages", 1)
                    .put("current-item-count", items.size());
            RestGate.json(context, 200, body);
        }
    }

    private void one(RoutingContext context) {
        id(context).ifPresent(id -> orders.find(id)
                .ifPresentOrElse(found -> TastytradeRoutes.answer(context, 200, found), () -> unknown(context)));
    }

    private void cancel(RoutingContext context) {
        id(context).ifPresent(id -> {
            Optional<ObjectNode> cancelled = orders.cancel(id);
            if (cancelled.isPresent() && !lost(context)) {
                TastytradeRoutes.answer(context, 200, cancelled.get());
            } else if (cancelled.isEmpty()) {
                notWorking(context, id, "order_not_cancellable", "Order is not cancellable");
            }
        });
    }

    private void replace(RoutingContext context) {
        id(context).ifPresent(id -> {
            Optional<JsonNode> order = RestBody.json(context);
            if (order.isEmpty()) {
                RestGate.error(context, 422, "validation_error", "The body is no JSON object");
                return;
            }
            Optional<ObjectNode> replaced = orders.replace(id, context.pathParam("account"), order.get());
            if (replaced.isPresent() && !lost(context)) {
                TastytradeRoutes.answer(context, 200, replaced.get());
            } else if (replaced.isEmpty()) {
                notWorking(context, id, "order_not_editable", "Order is not editable");
            }
        });
    }

    private void notWorking(RoutingContext context, long id, String code, String message) {
        if (orders.isKnown(id)) {
            RestGate.error(context, 422, code, message);
        } else {
            unknown(context);
        }
    }

    /** Whether the answer gets lost, with its connection. */
    private boolean lost(RoutingContext context) {
        if (!faults.happens(Fault.LOST_ORDER_REPLY)) {
            return false;
        }
        Future<Void> unused = context.request().connection().close();
        return true;
    }

    /** The id of the call; none where it is answered already. */
    private static OptionalLong number(RoutingContext context) {
        String id = context.pathParam("id");
        return id.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(id)) : OptionalLong.empty();
    }

    private static Optional<Long> id(RoutingContext context) {
        if (!isAccount(context)) {
            return Optional.empty();
        }
        OptionalLong id = number(context);
        if (id.isEmpty()) {
            unknown(context);
            return Optional.empty();
        }
        return Optional.of(id.getAsLong());
    }

    private static void unknown(RoutingContext context) {
        RestGate.error(context, 404, "record_not_found", "Couldn't find Order");
    }

    /** The order of a call; empty where the call is answered already. */
    private static Optional<JsonNode> order(RoutingContext context) {
        if (!isAccount(context)) {
            return Optional.empty();
        }
        Optional<JsonNode> order = RestBody.json(context);
        List<String> wrong = order.map(SimulatedOrders::faults).orElseGet(() -> List.of("the body is no JSON object"));
        if (wrong.isEmpty()) {
            return order;
        }
        ObjectNode body = FrameCodec.object();
        ArrayNode errors = body.putObject("error")
                .put("code", "validation_error")
                .put("message", "Request validation failed")
                .putArray("errors");
        new ArrayList<>(wrong)
                .forEach(reason -> errors.addObject().put("domain", "order").put("reason", reason));
        RestGate.json(context, 422, body);
        return Optional.empty();
    }

    private static ObjectNode orderData(ObjectNode order) {
        ObjectNode data = FrameCodec.object();
        data.set("order", order);
        data.putArray("warnings");
        data.putArray("errors");
        ObjectNode effect = data.putObject("buying-power-effect");
        for (String field : List.of(
                "change-in-margin-requirement",
                "change-in-buying-power",
                "current-buying-power",
                "new-buying-power",
                "isolated-order-margin-requirement")) {
            effect.put(field, "0.0").put(field + "-effect", "None");
        }
        effect.put("is-spread", false).put("impact", "0.0").put("effect", "None");
        ObjectNode fees = data.putObject("fee-calculation");
        for (String field : List.of(
                "regulatory-fees", "clearing-fees", "commission", "proprietary-index-option-fees", "total-fees")) {
            fees.put(field, "0.0").put(field + "-effect", "None");
        }
        return data;
    }
}
