package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The choice between text for people and JSON for programs. */
final class OutputOption {

    /** Named as the user writes them. */
    enum Form {
        TEXT,
        JSON
    }

    private final Console console;

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "How data is written to stdout (default: FAIRLEAD_OUTPUT, else text).")
    private Optional<Form> chosen = Optional.empty();

    OutputOption(Console console) {
        this.console = console;
    }

    /** Writes the answer as it came, or, for people, whatever {@code text} prints. */
    void write(JsonNode answer, Runnable text) {
        if (form() == Form.JSON) {
            console.out().println(answer);
        } else {
            text.run();
        }
    }

    Form form() {
        return chosen.orElseGet(
                () -> console.variable("FAIRLEAD_OUTPUT").map(this::named).orElse(Form.TEXT));
    }

    private Form named(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "text" -> Form.TEXT;
            case "json" -> Form.JSON;
            default -> throw new ParameterException(command.commandLine(), "FAIRLEAD_OUTPUT is neither text nor json");
        };
    }
}
