package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code quote}: the newest quotes of some symbols. */
@Command(name = "quote", description = "The newest quotes of symbols, and where they come from.")
final class QuoteCommand extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", arity = "1..*", description = "AAPL, SPX, /ESZ6, BTC/USD…")
    private List<String> symbols = List.of();

    QuoteCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        String list = encoded(String.join(",", symbols)).replace("+", "%20");
        JsonNode answer = calls.get("/api/quotes?symbols=" + list);
        write(answer, () -> {
            TextTable table = new TextTable("SYMBOL", "BID", "ASK", "MID", "BID SIZE", "ASK SIZE", "SOURCE", "AGE");
            for (JsonNode quote : answer.path("quotes")) {
                table.row(
                        quote.path("symbol").asText(),
                        shown(quote, "bid"),
                        shown(quote, "ask"),
                        shown(quote, "mid"),
                        shown(quote, "bid_size"),
                        shown(quote, "ask_size"),
                        shown(quote, "source"),
                        age(quote));
            }
            table.print(console().out());
        });
    }

    private static String age(JsonNode quote) {
        if (!quote.hasNonNull("age_ms")) {
            return "-";
        }
        long millis = quote.get("age_ms").asLong();
        return millis < 1000 ? millis + " ms" : millis / 1000 + " s";
    }
}
