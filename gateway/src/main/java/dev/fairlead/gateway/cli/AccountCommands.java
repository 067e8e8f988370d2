package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

/** {@code orders positions} and {@code orders balances}: what the account that orders go to holds and has. */
final class AccountCommands {
    private AccountCommands() {}

    /** Nobody is to take what is on paper for what they own. */
    private static void tellMode(Console console, JsonNode answer) {
        if (answer.path("mode").asText().equals("paper")) {
            console.err().println("The paper account (orders.mode=paper):");
        }
    }

    /** What it holds. */
    @Command(name = "positions", description = "Shows what the account holds; below zero is sold short.")
    static final class Positions extends GatewayCommand {
        Positions(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get("/api/positions");
            write(answer, () -> {
                tellMode(console(), answer);
                TextTable table = new TextTable("SYMBOL", "QUANTITY", "AVERAGE", "MARK", "UNREALIZED", "REALIZED");
                for (JsonNode position : answer.path("positions")) {
                    table.row(
                            position.path("symbol").asText(),
                            position.path("quantity").asText(),
                            position.path("average_price").asText("-"),
                            position.path("mark").asText("-"),
                            position.path("unrealized_pnl").asText("-"),
                            position.path("realized_pnl").asText("-"));
                }
                table.print(console().out());
            });
        }
    }

    /** What it has. */
    @Command(name = "balances", description = "Shows the account's sums, by currency.")
    static final class Balances extends GatewayCommand {
        Balances(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get("/api/balances");
            write(answer, () -> {
                tellMode(console(), answer);
                TextTable table = new TextTable("NAME", "CURRENCY", "AMOUNT");
                for (JsonNode balance : answer.path("balances")) {
                    table.row(
                            balance.path("name").asText(),
                            balance.path("currency").asText(),
                            balance.path("amount").asText());
                }
                table.print(console().out());
            });
        }
    }
}
