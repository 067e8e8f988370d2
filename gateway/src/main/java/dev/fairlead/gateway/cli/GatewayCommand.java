package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that calls the gateway and writes what it answers. */
abstract class GatewayCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private GatewayOptions gateway;

    @Mixin
    private OutputOption output;

    GatewayCommand(Console console) {
        this.console = console;
    }

    /** Does the work; where it returns, the command has succeeded. */
    abstract void run(GatewayCalls calls);

    @Override
    public final Integer call() {
        run(new GatewayCalls(gateway));
        return ExitStatus.OK.code();
    }

    /** Writes the answer as it came, or a line for people to stderr. */
    final void tell(JsonNode answer, String text) {
        write(answer, () -> console.err().println(text));
    }

    /** Writes the answer as it came, or, for people, whatever {@code text} prints. */
    final void write(JsonNode answer, Runnable text) {
        output.write(answer, text);
    }

    final Console console() {
        return console;
    }

    /** Says how to go on, where a list has more than was asked for. */
    final void tellMore(JsonNode list) {
        if (list.has("cursor")) {
            console.err()
                    .println("There are more: --cursor " + list.path("cursor").asText());
        }
    }

    /** Adds a parameter to a query that has one already. */
    static void add(StringBuilder query, String name, Optional<String> value) {
        value.ifPresent(text -> query.append('&').append(name).append('=').append(encoded(text)));
    }

    /** As it stands in a path or a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** A field as a table shows it. */
    static String shown(JsonNode row, String field) {
        return row.hasNonNull(field) ? row.get(field).asText() : "-";
    }
}
