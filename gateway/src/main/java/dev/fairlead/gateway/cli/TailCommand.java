package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail NAME}: the log of an instance or a remote agent. */
@Command(
        name = "tail",
        description = {
            "Prints the last lines of a log and, with --follow, each new one.",
            "Reconnects where it has to and goes on where it was; says so on stderr."
        })
final class TailCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1000;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions gateway;

    @Mixin
    private OutputOption output;

    @Parameters(
            paramLabel = "NAME",
            description = "The instance's or agent's name.",
            converter = AgentName.Converter.class)
    private AgentName name;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "Lines of the past, 0 to 1000 (default: ${DEFAULT-VALUE}).")
    private int lines;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on.")
    private boolean follow;

    @Option(names = "--grep", paramLabel = "TEXT", description = "Only lines with this text in them, in any case.")
    private String text = "";

    @Option(
            names = "--raw",
            description = "Write control characters to a terminal as they are; without, colours alone pass.")
    private boolean raw;

    @Option(names = "--regex", description = "The text is a regular expression (RE2 syntax).")
    private boolean regex;

    @Option(names = "--case-sensitive", description = "Upper and lower case differ.")
    private boolean caseSensitive;

    TailCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (lines < 0 || lines > MOST_LINES) {
            throw new ParameterException(spec.commandLine(), "--lines is a number from 0 to " + MOST_LINES);
        }
        String grep = text.isEmpty()
                ? ""
                : "&grep=" + GatewayCommand.encoded(text) + (regex ? "&grep_mode=regex" : "")
                        + (caseSensitive ? "&case=sensitive" : "");
        if (follow) {
            String target = "/ws/instances/" + name + "/logs?backlog=" + lines + grep;
            return new TailFollow(console.raw(raw), target, gateway, output.form())
                    .run()
                    .code();
        }
        JsonNode page = new GatewayCalls(gateway).get("/api/instances/" + name + "/logs?lines=" + lines + grep);
        output.write(page, () -> page.path("lines")
                .forEach(line -> console.raw(raw).out().println(line.asText())));
        return ExitStatus.OK.code();
    }
}
