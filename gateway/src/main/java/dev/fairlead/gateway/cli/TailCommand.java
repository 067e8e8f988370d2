package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tail NAME…}: the log of an instance or a remote agent, or those of several. */
@Command(
        name = "tail",
        description = {
            "Prints the last lines of a log, or those since a moment, and, with --follow, each new one.",
            "Those of several logs stand behind their names, in the order in which they were written.",
            "Reconnects where it has to and goes on where it was; says so on stderr."
        })
final class TailCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1000;
    private static final int DEFAULT_LINES = 100;
    private static final int DEFAULT_LINES_OF_EACH = 10;

    /** Each is a connection. */
    private static final int MOST_LOGS = 64;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions gateway;

    @Mixin
    private OutputOption output;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            description = "The instance's or agent's name. With several, each line stands behind its name.",
            converter = AgentName.Converter.class)
    private List<AgentName> names = List.of();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "SELECTOR",
            description = InstancesCommand.SELECTOR)
    private Optional<String> selector = Optional.empty();

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "Lines of the past, 0 to 1000 (default: 100, of several logs 10 each; all with --since).")
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
        int count = lines.orElse(isSeveral() ? DEFAULT_LINES_OF_EACH : DEFAULT_LINES);
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
        if (names.isEmpty() == selector.isEmpty()) {
            throw refused("Give names, or --selector in place of them");
        }
        GatewayCalls calls = new GatewayCalls(gateway);
        return isSeveral()
                ? several(calls, names(calls), count)
                : one(calls, names.get(0).text(), count);
    }

    private boolean isSeveral() {
        return selector.isPresent() || names.size() > 1;
    }

    private List<String> names(GatewayCalls calls) {
        if (selector.isEmpty()) {
            return bounded(names.stream().map(AgentName::text).distinct().toList());
        }
        StringBuilder path = new StringBuilder("/api/instances?include_archived=false");
        GatewayCommand.add(path, "selector", selector);
        List<String> meant = new ArrayList<>();
        calls.get(path.toString())
                .path("instances")
                .forEach(one -> meant.add(one.path("name").asText()));
        if (meant.isEmpty()) {
            throw new CommandFailure(ExitStatus.FAILED, "No instance is meant by '" + selector.get() + "'.");
        }
        return bounded(meant);
    }

    private List<String> bounded(List<String> all) {
        if (all.size() > MOST_LOGS) {
            throw refused("That are " + all.size() + " logs; at most " + MOST_LOGS
                    + " are printed at once: 'fairlead logs search' looks through any number");
        }
        return all;
    }

    private int one(GatewayCalls calls, String name, int count) {
        LogLinesText text = text();
        String past = "backlog=" + count;
        if (since.isPresent() || at.isPresent()) {
            LogRange range = range(calls, name, count);
            limited(range, count).forEachRemaining(text::print);
            past = "backlog=" + MOST_LINES + "&since=" + range.end();
        }
        if (follow) {
            return follow(List.of(new TailFollow.Followed(stream(name, past), text, since.isPresent())));
        }
        if (since.isEmpty() && at.isEmpty()) {
            JsonNode page = calls.get(log(name) + "&lines=" + count);
            output.write(page, () -> text.print(page));
        }
        return ExitStatus.OK.code();
    }

    /** Lines of the past in the order in which they were written, then each as it comes. */
    private int several(GatewayCalls calls, List<String> all, int count) {
        int width = all.stream().mapToInt(String::length).max().orElse(0);
        LogMerge merged = new LogMerge();
        List<TailFollow.Followed> followed = new ArrayList<>();
        List<LogRange> ranges = new ArrayList<>();
        for (String name : all) {
            LogLinesText text = text().named(name, width);
            if (since.isPresent() || at.isPresent()) {
                LogRange range = range(calls, name, count);
                ranges.add(range);
                merged.add(limited(range, count), text);
            } else {
                JsonNode page = calls.get(log(name) + "&lines=" + count);
                merged.add(LogRange.lines(page), text);
                followed.add(goingOn(name, page.path("end").asText(), text));
            }
        }
        merged.print();
        for (int i = 0; i < ranges.size(); i++) {
            followed.add(goingOn(all.get(i), ranges.get(i).end(), text().named(all.get(i), width)));
        }
        return follow ? follow(followed) : ExitStatus.OK.code();
    }

    private TailFollow.Followed goingOn(String name, String end, LogLinesText text) {
        return new TailFollow.Followed(stream(name, "backlog=" + MOST_LINES + "&since=" + end), text, true);
    }

    private int follow(List<TailFollow.Followed> logs) {
        return new TailFollow(console.raw(raw), gateway, logs).run().code();
    }

    private LogLinesText text() {
        return new LogLinesText(console.raw(raw).out(), output.form(), timestamps);
    }

    private LogRange range(GatewayCalls calls, String name, int count) {
        return new LogRange(
                calls,
                log(name),
                since.or(() -> at).orElseThrow().at(),
                until.map(Moment::at),
                at.isPresent() ? Math.max(1, count) : LogRange.PAGE);
    }

    /** The first lines from a moment on, or the last of those since another. */
    private Iterator<LogRange.Line> limited(LogRange range, int count) {
        return at.isPresent()
                ? LogRange.first(count, range)
                : lines.map(most -> LogRange.last(most, range)).orElse(range);
    }

    private String log(String name) {
        return "/api/instances/" + name + "/logs?" + filter().replaceFirst("^&", "");
    }

    private String stream(String name, String past) {
        return "/ws/instances/" + name + "/logs?" + past + filter();
    }

    private String filter() {
        return text.isEmpty()
                ? ""
                : "&grep=" + GatewayCommand.encoded(text) + (regex ? "&grep_mode=regex" : "")
                        + (caseSensitive ? "&case=sensitive" : "");
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
