package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Optional;

/**
 * Prints lines of a log: as they are or behind the time at which they were written and, among those of other logs, its
 * name; or as JSON, one object a line.
 */
final class LogLinesText {
    /** As wide as a time, where none is known. */
    static final String NO_TIME = "-" + " ".repeat(23);

    private final PrintStream out;
    private final OutputOption.Form form;
    private final boolean timestamps;
    private final Optional<String> name;
    private final String label;

    LogLinesText(PrintStream out, OutputOption.Form form, boolean timestamps) {
        this(out, form, timestamps, Optional.empty(), "");
    }

    private LogLinesText(
            PrintStream out, OutputOption.Form form, boolean timestamps, Optional<String> name, String label) {
        this.out = out;
        this.form = form;
        this.timestamps = timestamps;
        this.name = name;
        this.label = label;
    }

    /**
     * The same for a log among others.
     *
     * @param width of the longest of their names
     */
    LogLinesText named(String log, int width) {
        return new LogLinesText(
                out, form, timestamps, Optional.of(log), log + " ".repeat(Math.max(0, width - log.length())) + " ");
    }

    /** The log's name, among others. */
    Optional<String> name() {
        return name;
    }

    OutputOption.Form form() {
        return form;
    }

    /** All lines of a page or frame, for people. */
    void print(JsonNode page) {
        LogRange.lines(page).forEachRemaining(line -> text(line.text(), line.time()));
    }

    /** One line. */
    void print(LogRange.Line line) {
        if (form == OutputOption.Form.JSON) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            name.ifPresent(log -> object.put("name", log));
            out.println(object.put("time", line.time().textValue()).put("line", line.text()));
        } else {
            text(line.text(), line.time());
        }
    }

    private void text(String line, JsonNode time) {
        out.println((timestamps ? (time.isTextual() ? time.asText() : NO_TIME) + " " : "") + label + line);
    }
}
