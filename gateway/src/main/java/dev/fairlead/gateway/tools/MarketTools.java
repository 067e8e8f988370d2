package dev.fairlead.gateway.tools;

import static dev.fairlead.gateway.tools.GatewayTools.number;
import static dev.fairlead.gateway.tools.GatewayTools.text;
import static dev.fairlead.gateway.tools.GatewayTools.tool;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.market.MarketCommands;
import dev.fairlead.gateway.orders.OrderCommands;
import dev.fairlead.gateway.tools.ToolDefinition.Effect;
import dev.fairlead.gateway.tools.ToolDefinition.Trait;
import dev.fairlead.protocol.OrderStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an agent can do with quotes and orders. None places an order: that is for those who trade. */
final class MarketTools {
    private static final int MAX_SYMBOLS = 400;
    private static final int DEFAULT_ORDERS = 20;
    private static final int MAX_ORDERS = 100;
    private static final List<String> STATUSES =
            Arrays.stream(OrderStatus.values()).map(OrderStatus::wire).toList();

    private MarketTools() {}

    static List<Tool> of(Bus bus) {
        return List.of(
                tool(
                        "get_quotes",
                        Effect.READ,
                        "Shows the newest quotes of symbols: bid, ask, mid, age in milliseconds and where they are from.",
                        Parameters.of()
                                .text("symbols", "Symbols, separated by commas, such as SPX,AAPL", MAX_SYMBOLS)
                                .build(),
                        (args, caller) -> bus.request(new MarketCommands.GetQuotes(
                                Arrays.stream(args.get("symbols").textValue().split(",", -1))
                                        .map(String::strip)
                                        .filter(symbol -> !symbol.isEmpty())
                                        .toList()))),
                tool(
                        "list_orders",
                        Effect.READ,
                        "Lists orders, newest first, with status and why they are in it.",
                        Parameters.of()
                                .optional()
                                .choice("status", "Only those in this status", STATUSES)
                                .number("limit", "How many; default " + DEFAULT_ORDERS, 1, MAX_ORDERS)
                                .build(),
                        (args, caller) -> bus.request(new OrderCommands.Page(
                                text(args, "status").map(MarketTools::status),
                                number(args, "limit", DEFAULT_ORDERS),
                                Optional.empty()))),
                tool(
                                "confirm_order",
                                Effect.IRREVERSIBLE,
                                Set.of(Trait.IDEMPOTENT),
                                "Lets an order that needs confirmation go out to the market. It cannot be taken back.",
                                Parameters.of()
                                        .text("order_id", "The order's id", 64)
                                        .build(),
                                (args, caller) -> bus.request(new OrderCommands.Decide(
                                                args.get("order_id").textValue(),
                                                OrderCommands.Decision.CONFIRM,
                                                Optional.empty(),
                                                caller.actor(),
                                                caller.address(),
                                                caller.traceparent()))
                                        .map(OrderCommands.Decided::order))
                        .lookedUpBy((args, caller) -> bus.request(new OrderCommands.Get(
                                        args.get("order_id").textValue()))
                                .map(found -> found.order().status() == OrderStatus.NEEDS_CONFIRMATION
                                        ? new Recovery.Again()
                                        : BusTool.done(found.order()))));
    }

    private static OrderStatus status(String wire) {
        return Arrays.stream(OrderStatus.values())
                .filter(status -> status.wire().equals(wire))
                .findFirst()
                .orElseThrow();
    }
}
