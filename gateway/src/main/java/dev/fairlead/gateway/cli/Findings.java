package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;

/** What a benchmark found, row by row: told at its end as JSON or as a table. */
final class Findings {
    private final ArrayNode rows = JsonNodeFactory.instance.arrayNode();
    private final TextTable table;

    Findings(List<String> headings) {
        this.table = new TextTable(headings.toArray(String[]::new));
    }

    void add(JsonNode row, List<String> cells) {
        rows.add(row);
        table.row(cells.toArray(String[]::new));
    }

    /** One that takes several rows of the table. */
    void addRows(JsonNode row, List<List<String>> cells) {
        rows.add(row);
        cells.forEach(line -> table.row(line.toArray(String[]::new)));
    }

    /** Tells all of it; answers what the command ends with. */
    int tell(OutputOption output, Console console) {
        output.write(rows, () -> table.print(console.out()));
        return ExitStatus.OK.code();
    }
}
