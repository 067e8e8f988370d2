package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
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
            "Prints the last lines of a log, or those since a moment, and, with --follow, each new one.",
            "Reconnects where it has to and goes on where it was; says so on stderr."
        })
final class TailCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1000;
    private static final int DEFAULT_LINES = 100;

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
            description = "Lines of the past, 0 to 1000 (default: 100; all with --since).")
    private Optional<Integer> lines = Optional.empty();

    @Option(
            names = {"-t", "--timestamps"},
            description =
                    "Put before each line when it was written, as the gateway saw it; '-' where nobody was there.")
    private boolean timestamps;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            converter = Moment.Converter.class,
            description = "All lines from then on: " + Moment.ACCEPTS + ".")
    private Optional<Moment> since = Optional.empty();

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            converter = Moment.Converter.class,
            description = "With --since or --at: only lines from before then.")
    private Optional<Moment> until = Optional.empty();

    @Option(
            names = "--at",
            paramLabel = "WHEN",
            converter = Moment.Converter.class,
            description = "The first lines from then on, as many as --lines says.")
    private Optional<Moment> at = Optional.empty();

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
        int count = lines.orElse(DEFAULT_LINES);
        if (count < 0 || count > MOST_LINES) {
            throw refused("--lines is a number from 0 to " + MOST_LINES);
        }
        if (since.isPresent() && at.isPresent()) {
            throw refused("--since and --at exclude each other: give one");
        }
        if (until.isPresent() && since.isEmpty() && at.isEmpty()) {
            throw refused("--until needs --since or --at");
        }
        if (follow && (at.isPresent() || until.isPresent())) {
            throw refused("--follow goes on without an end: give --since with it, not --at or --until");
        }
        String grep = text.isEmpty()
                ? ""
                : "&grep=" + GatewayCommand.encoded(text) + (regex ? "&grep_mode=regex" : "")
                        + (caseSensitive ? "&case=sensitive" : "");
        LogLinesText text = new LogLinesText(console.raw(raw).out(), output.form(), timestamps);
        String past = "backlog=" + count;
        if (since.isPresent() || at.isPresent()) {
            String end = range(text, grep, count);
            past = "backlog=" + MOST_LINES + "&since=" + end;
        }
        if (follow) {
            return new TailFollow(
                            console.raw(raw),
                            "/ws/instances/" + name + "/logs?" + past + grep,
                            gateway,
                            text,
                            since.isPresent())
                    .run()
                    .code();
        }
        if (since.isEmpty() && at.isEmpty()) {
            JsonNode page = new GatewayCalls(gateway).get("/api/instances/" + name + "/logs?lines=" + count + grep);
            output.write(page, () -> text.print(page));
        }
        return ExitStatus.OK.code();
    }

    private String range(LogLinesText text, String grep, int count) {
        LogRange range = new LogRange(
                new GatewayCalls(gateway), "/api/instances/" + name + "/logs?" + grep.replaceFirst("^&", ""), text);
        Moment from = since.or(() -> at).orElseThrow();
        return range.print(
                from.at(), until.map(Moment::at), at.map(first -> count), since.isPresent() ? lines : Optional.empty());
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
