package dev.fairlead.gateway.cli;

import dev.fairlead.protocol.VisibleText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Aligned columns with a heading; nothing a cell holds can steer the terminal. */
final class TextTable {

    private static final int GAP = 2;

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... heading) {
        row(heading);
    }

    void row(String... cells) {
        rows.add(List.of(cells).stream().map(TextTable::printable).toList());
    }

    void print(PrintStream out) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(width(column) + GAP - cell.length()));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private static String printable(String text) {
        String clean = VisibleText.plain(text);
        return clean.isEmpty() ? "-" : clean;
    }
}
