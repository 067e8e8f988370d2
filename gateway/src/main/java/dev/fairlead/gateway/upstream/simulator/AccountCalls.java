package dev.fairlead.gateway.upstream.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.InstantFormat;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** tastytrade's customer and the account: who it is, what it holds, what that is worth. */
final class AccountCalls {
    private final SimulatedOrders orders;
    private final TimeSource time;
    private final ObjectNode customer = fixed("customer");
    private final ObjectNode account = fixed("account").put("account-number", SimulatedAccount.ACCOUNT);
    private final ObjectNode status = fixed("trading-status").put("account-number", SimulatedAccount.ACCOUNT);
    private final ObjectNode balances = fixed("balances").put("account-number", SimulatedAccount.ACCOUNT);

    AccountCalls(SimulatedOrders orders, TimeSource time) {
        this.orders = orders;
        this.time = time;
    }

    void mount(TastytradeRoutes routes, Router router) {
        get(routes, router, "/customers/me", "customer", context -> TastytradeRoutes.answer(context, 200, customer));
        get(routes, router, "/customers/me/accounts", "accounts", this::accounts);
        get(routes, router, "/customers/me/accounts/:account", "account", context -> {
            if (OrderCalls.isAccount(context)) {
                TastytradeRoutes.answer(context, 200, account);
            }
        });
        get(routes, router, "/accounts/:account/trading-status", "trading_status", context -> {
            if (OrderCalls.isAccount(context)) {
                TastytradeRoutes.answer(context, 200, status);
            }
        });
        get(routes, router, "/accounts/:account/balances", "balances", this::balances);
        get(routes, router, "/accounts/:account/balances/:currency", "balances", this::balances);
        get(routes, router, "/accounts/:account/positions", "positions", this::positions);
    }

    private static void get(
            TastytradeRoutes routes, Router router, String path, String name, Consumer<RoutingContext> call) {
        routes.add(router, HttpMethod.GET, path, name, call);
    }

    private void accounts(RoutingContext context) {
        ObjectNode data = FrameCodec.object();
        ObjectNode item = data.putArray("items").addObject();
        item.set("account", account);
        item.put("authority-level", "owner");
        TastytradeRoutes.answer(context, 200, data);
    }

    private void balances(RoutingContext context) {
        if (OrderCalls.isAccount(context)) {
            String cash = orders.positions().cash().toPlainString();
            String worth = orders.positions().worth().toPlainString();
            TastytradeRoutes.answer(
                    context,
                    200,
                    balances.deepCopy()
                            .put("cash-balance", cash)
                            .put("net-liquidating-value", worth)
                            .put("equity-buying-power", cash)
                            .put("derivative-buying-power", cash)
                            .put("available-trading-funds", cash)
                            .put("cash-available-to-withdraw", cash)
                            .put("margin-equity", worth)
                            .put("snapshot-date", time.instant().toString().substring(0, 10))
                            .put("updated-at", InstantFormat.format(time.instant())));
        }
    }

    private void positions(RoutingContext context) {
        if (OrderCalls.isAccount(context)) {
            ObjectNode data = FrameCodec.object();
            data.set("items", orders.positions().list());
            TastytradeRoutes.answer(context, 200, data);
        }
    }

    private static ObjectNode fixed(String name) {
        try (InputStream in = AccountCalls.class.getResourceAsStream("/simulator/" + name + ".json")) {
            return (ObjectNode) FrameCodec.tree(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
