package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.FrameCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs search}: lines of all logs at once. */
@Command(
        name = "logs",
        description = "All logs at once; one alone is shown by 'tail'.",
        subcommands = LogsCommand.Search.class)
final class LogsCommand {

    /** Finds lines. */
    @Command(
            name = "search",
            description = {
                "Prints the lines of all logs, rotated and archived ones too, in which a text is seen.",
                "Log after log, each oldest first. Ends early where settings bound it, and says so on stderr."
            })
    static final class Search extends GatewayCommand {
        @Parameters(arity = "0..1", paramLabel = "TEXT", description = "What stands in each line, in any case.")
        private Optional<String> text = Optional.empty();

        @Option(
                names = {"-i", "--instance"},
                paramLabel = "NAME",
                converter = AgentName.Converter.class,
                description = "Only the logs of those; may be given several times.")
        private List<AgentName> instances = List.of();

        @Option(
                names = {"-l", "--selector"},
                paramLabel = "SELECTOR",
                description = InstancesCommand.SELECTOR)
        private Optional<String> selector = Optional.empty();

        @Option(
                names = "--since",
                paramLabel = "WHEN",
                converter = Moment.Converter.class,
                description = "Only lines from then on: " + Moment.ACCEPTS + ".")
        private Optional<Moment> since = Optional.empty();

        @Option(
                names = "--until",
                paramLabel = "WHEN",
                converter = Moment.Converter.class,
                description = "Only lines from before then.")
        private Optional<Moment> until = Optional.empty();

        @Option(
                names = "--level",
                paramLabel = "LEVEL",
                description =
                        "Only lines that say they are that severe or more: trace, debug, info, warn, error, fatal.")
        private Optional<String> level = Optional.empty();

        @Option(names = "--regex", description = "The text is a regular expression (RE2 syntax).")
        private boolean regex;

        @Option(names = "--case-sensitive", description = "Upper and lower case differ.")
        private boolean caseSensitive;

        Search(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            StringBuilder query = new StringBuilder("/api/logs/search?");
            add(query, "q", text);
            add(query, "since", since.map(when -> when.at().toString()));
            add(query, "until", until.map(when -> when.at().toString()));
            add(query, "level", level);
            add(query, "grep_mode", regex ? Optional.of("regex") : Optional.empty());
            add(query, "case", caseSensitive ? Optional.of("sensitive") : Optional.empty());
            String names = instances.stream().map(AgentName::text).collect(Collectors.joining(","));
            add(query, "instances", Optional.of(names).filter(some -> !some.isEmpty()));
            add(query, "selector", selector);
            calls.read(query.toString(), this::print);
        }

        private void print(InputStream in) throws IOException {
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isEmpty()) { // one of those only keeps the connection
                    print(line);
                }
                if (console().out().checkError()) { // nobody reads any more
                    return;
                }
            }
        }

        private void print(String line) {
            JsonNode found = FrameCodec.tree(line);
            if (found.path("truncated").asBoolean()) {
                console()
                        .err()
                        .println(
                                "fairlead: the search was ended before it was through: logs.search_time,"
                                        + " logs.search_bytes and logs.search_lines bound it; narrow it by --since, --instance or the text");
            }
            write(found, () -> {
                if (!found.path("done").asBoolean()) {
                    String time =
                            found.path("time").isTextual() ? found.path("time").asText() : LogLinesText.NO_TIME;
                    console()
                            .out()
                            .println(time + " " + found.path("instance").asText() + " "
                                    + found.path("line").asText());
                }
            });
        }
    }
}
