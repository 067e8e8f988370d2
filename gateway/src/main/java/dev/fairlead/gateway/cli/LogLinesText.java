package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.PrintStream;

/** Prints lines of a log: as they are or behind the time at which they were written, or as JSON, one object a line. */
final class LogLinesText {
    /** As wide as a time, where none is known. */
    static final String NO_TIME = "-" + " ".repeat(23);

    private final PrintStream out;
    private final OutputOption.Form form;
    private final boolean timestamps;

    LogLinesText(PrintStream out, OutputOption.Form form, boolean timestamps) {
        this.out = out;
        this.form = form;
        this.timestamps = timestamps;
    }

    OutputOption.Form form() {
        return form;
    }

    /** All lines of a page or frame, for people. */
    void print(JsonNode page) {
        JsonNode lines = page.path("lines");
        for (int i = 0; i < lines.size(); i++) {
            text(lines.path(i).asText(), page.path("times").path(i));
        }
    }

    /** One line of a range. */
    void print(String line, JsonNode time) {
        if (form == OutputOption.Form.JSON) {
            out.println(JsonNodeFactory.instance
                    .objectNode()
                    .put("time", time.textValue())
                    .put("line", line));
        } else {
            text(line, time);
        }
    }

    private void text(String line, JsonNode time) {
        out.println(timestamps ? (time.isTextual() ? time.asText() : NO_TIME) + " " + line : line);
    }
}
