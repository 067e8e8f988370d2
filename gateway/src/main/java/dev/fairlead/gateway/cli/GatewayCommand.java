package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** A field as a table shows it. */
    static String shown(JsonNode row, String field) {
        return row.hasNonNull(field) ? row.get(field).asText() : "-";
    }
}
