package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code orders ls}, {@code show}, {@code confirm}, {@code reject}, {@code cancel} and {@code replace}. */
@Command(
        name = "orders",
        description = "The orders of agents and of the operator.",
        subcommands = {
            OrdersCommand.Ls.class,
            OrdersCommand.Show.class,
            OrdersCommand.Confirm.class,
            OrdersCommand.Reject.class,
            OrdersCommand.Cancel.class,
            OrdersCommand.Replace.class,
            AccountCommands.Positions.class,
            AccountCommands.Balances.class
        })
final class OrdersCommand {

    /** Lists them. */
    @Command(name = "ls", description = "Lists orders, newest first.")
    static final class Ls extends GatewayCommand {
        @Option(names = "--status", paramLabel = "STATUS", description = "Only those: needs_confirmation, unknown, ….")
        private Optional<String> status = Optional.empty();

        @Option(names = "--limit", paramLabel = "N", description = "At most that many (default: ${DEFAULT-VALUE}).")
        private int limit = 100;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where the list before ended.")
        private Optional<String> cursor = Optional.empty();

        Ls(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            StringBuilder query = new StringBuilder("/api/orders?limit=").append(limit);
            add(query, "status", status);
            add(query, "cursor", cursor);
            JsonNode answer = calls.get(query.toString());
            write(answer, () -> print(calls, answer));
        }

        private void print(GatewayCalls calls, JsonNode answer) {
            TextTable table = new TextTable("ID", "RECEIVED", "FROM", "ORDER", "NOTIONAL", "STATUS", "REASON");
            for (JsonNode order : answer.path("orders")) {
                table.row(
                        order.path("order_id").asText(),
                        order.path("received_at").asText(),
                        order.path("submitter").asText(),
                        described(order),
                        order.path("notional").asText("-"),
                        order.path("status").asText(),
                        order.path("reason").asText("-"));
            }
            table.print(console().out());
            tellMore(answer);
            for (JsonNode order : answer.path("orders")) {
                if (waits(order)) {
                    String id = order.path("order_id").asText();
                    console().out().println();
                    console().out().println("Waiting for you: " + described(order) + " (" + id + ")");
                    OrderFactsText.of(calls.get("/api/orders/" + encoded(id)))
                            .forEach(line -> console().out().println("  " + line));
                }
            }
        }

        private static boolean waits(JsonNode order) {
            return order.path("status").asText().equals("needs_confirmation")
                    || (order.has("replacement")
                            && !order.path("status").asText().equals("replacing"));
        }
    }

    /** What is about one order. */
    private abstract static class OneOrder extends GatewayCommand {
        @Parameters(paramLabel = "ID", description = "The order's id.")
        private String id;

        OneOrder(Console console) {
            super(console);
        }

        final String path(String call) {
            return "/api/orders/" + encoded(id) + call;
        }

        /** Has something done with it, and says what it is then. */
        final void post(GatewayCalls calls, String call, ObjectNode body) {
            JsonNode order = calls.post(path(call), body);
            tell(order, told(order));
        }

        private static String told(JsonNode order) {
            String reason = order.path("reason").asText();
            return "Order " + order.path("order_id").asText() + " (" + described(order) + ") is "
                    + order.path("status").asText() + (reason.isEmpty() ? "." : ": " + reason + ".");
        }
    }

    /** Shows one. */
    @Command(name = "show", description = "Shows one order and every status it had, as JSON.")
    static final class Show extends OneOrder {
        Show(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get(path(""));
            write(answer, () -> console().out().println(answer.toPrettyString()));
        }
    }

    /** Lets one go out. */
    @Command(name = "confirm", description = "Confirms an order that waits for a person: it is sent.")
    static final class Confirm extends OneOrder {
        Confirm(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            post(calls, "/confirm", JsonNodeFactory.instance.objectNode());
        }
    }

    /** Keeps one back. */
    @Command(name = "reject", description = "Rejects an order that waits for a person: it is never sent.")
    static final class Reject extends OneOrder {
        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the agent.")
        private Optional<String> reason = Optional.empty();

        Reject(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            reason.ifPresent(text -> body.put("reason", text));
            post(calls, "/reject", body);
        }
    }

    /** Takes one back. */
    @Command(
            name = "cancel",
            description = "Cancels an order: at once where it was not sent yet, else the upstream is told.")
    static final class Cancel extends OneOrder {
        Cancel(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            post(calls, "/cancel", JsonNodeFactory.instance.objectNode());
        }
    }

    /** Changes one that works. */
    @Command(
            name = "replace",
            description = "Replaces an order that works at the upstream: another limit, another quantity, or both.")
    static final class Replace extends OneOrder {
        @Option(names = "--limit", paramLabel = "PRICE", description = "The new limit (default: as it is).")
        private Optional<BigDecimal> limit = Optional.empty();

        @Option(
                names = "--quantity",
                paramLabel = "N",
                description = "The new quantity in all, what is filled included (default: as it is).")
        private Optional<BigDecimal> quantity = Optional.empty();

        Replace(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            limit.ifPresent(price -> body.put("limit_price", price));
            quantity.ifPresent(number -> body.put("quantity", number));
            post(calls, "/replace", body);
        }
    }

    private static String described(JsonNode order) {
        return order.path("side").asText() + " " + order.path("quantity").asText() + " "
                + order.path("symbol").asText() + " "
                + (order.has("limit_price") ? "at " + order.path("limit_price").asText() : "at the market")
                + (order.path("mode").asText().equals("paper") ? ", on paper" : "");
    }
}
