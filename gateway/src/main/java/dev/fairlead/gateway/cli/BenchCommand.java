package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.bench.BenchPlan;
import dev.fairlead.gateway.bench.BenchTarget;
import dev.fairlead.gateway.bench.Benchmark;
import dev.fairlead.gateway.bench.Comparison;
import dev.fairlead.gateway.bench.IdleFleet;
import dev.fairlead.gateway.bench.Rest;
import dev.fairlead.gateway.bench.ServerKind;
import dev.fairlead.gateway.settings.SettingsLoader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench}: the load generators behind the published figures. */
@Command(
        name = "bench",
        description = {
            "Measures this machine: the gateway, all checks on, against a bare Vert.x server that does the same with no"
                    + " features.",
            "With --against it is measured beside the gateway of another build. Both run as processes of their own and are measured by turns; figures are medians over the rounds, ratios"
                    + " medians of the rounds' ratios. Where there are two cores and taskset, servers have one and the"
                    + " load has another."
        },
        subcommands = {
            BenchCommand.Echo.class,
            BenchCommand.Fanout.class,
            BenchCommand.Routed.class,
            BenchCommand.Requests.class,
            BenchCommand.Openings.class,
            BenchCommand.Connections.class,
            BenchCommand.RestCommand.class,
            BenchMessagesCommand.class,
            BenchLogsCommand.class,
            BenchSearchCommand.class,
            BenchQuotesCommand.class,
            BenchChatCommand.class,
            BenchCommand.Target.class
        })
final class BenchCommand {

    /** How to measure. */
    static final class PlanOptions extends RoundOptions {
        @Option(
                names = "--connections",
                split = ",",
                converter = Count.class,
                paramLabel = "N",
                description = "Numbers of connections, one after the other.")
        private List<Integer> connections = List.of();

        PlanOptions() {
            super(2);
        }

        BenchPlan plan(Integer... otherwise) {
            return plan(connections.isEmpty() ? List.of(otherwise) : connections);
        }
    }

    /** What all comparisons have in common. */
    abstract static class Compared implements Callable<Integer> {
        private final Console console;

        @Mixin
        PlanOptions options;

        @Mixin
        private OutputOption output;

        Compared(Console console) {
            this.console = console;
        }

        abstract void measure(Consumer<Comparison> each);

        @Override
        public Integer call() {
            Findings findings = new Findings(Comparison.headings());
            measure(done -> {
                findings.add(done.json(), done.cells());
                console.err().println("measured: " + done.work());
            });
            return findings.tell(output, console);
        }
    }

    /** Round trips. */
    @Command(name = "echo", description = "test.echo of agents, 200 bytes (default: 64 and 1000 connections).")
    static final class Echo extends Compared {
        Echo(Console console) {
            super(console);
        }

        @Override
        void measure(Consumer<Comparison> each) {
            new Benchmark(options.plan(64, 1000)).echo(each);
        }
    }

    /** One to many. */
    @Command(name = "fanout", description = "Events to subscribers of a stream (default: 100 and 1000).")
    static final class Fanout extends Compared {
        @Option(
                names = "--burst",
                split = ",",
                paramLabel = "N",
                description = "Events published at a time (default: 1 and 16).")
        private List<Integer> bursts = List.of(1, 16);

        Fanout(Console console) {
            super(console);
        }

        @Override
        void measure(Consumer<Comparison> each) {
            new Benchmark(options.plan(100, 1000)).fanout(bursts, each);
        }
    }

    /** Agent to agent. */
    @Command(name = "routed", description = "Requests from agent to agent and back (default: 64 and 1000 askers).")
    static final class Routed extends Compared {
        Routed(Console console) {
            super(console);
        }

        @Override
        void measure(Consumer<Comparison> each) {
            new Benchmark(options.plan(64, 1000)).routed(each);
        }
    }

    /** What the page and scripts ask for. */
    @Command(name = "requests", description = "GET /api/agents on connections that stay (default: 64).")
    static final class Requests extends Compared {
        @Option(
                names = "--tools",
                description = "Measures tools/list over POST /mcp beside GET /api/agents of the same gateway, without"
                        + " agents and with 40.")
        private boolean tools;

        Requests(Console console) {
            super(console);
        }

        @Override
        void measure(Consumer<Comparison> each) {
            if (tools) {
                options.requireOneBuild("--tools");
                new Benchmark(options.plan(64)).tools(each);
            } else {
                new Benchmark(options.plan(64)).requests(each);
            }
        }
    }

    /** The door. */
    @Command(
            name = "openings",
            description = "Connections and WebSocket upgrades that are closed as soon as they are good, 16 at once.")
    static final class Openings extends Compared {
        Openings(Console console) {
            super(console);
        }

        @Override
        void measure(Consumer<Comparison> each) {
            new Benchmark(options.plan(16)).openings(each);
        }
    }

    /** Nothing to do. */
    @Command(
            name = "rest",
            description = "A gateway without instances, agents and sockets: processor time, a row a round.")
    static final class RestCommand implements Callable<Integer> {
        private final Console console;

        @Mixin
        private RoundOptions options = new RoundOptions(20);

        @Mixin
        private OutputOption output;

        RestCommand(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Findings findings = new Findings(Rest.headings());
            new Benchmark(options.plan(List.of())).rest(found -> findings.add(found.json(), found.cells()));
            return findings.tell(output, console);
        }
    }

    /** Being there. */
    @Command(
            name = "connections",
            description = "Idle agents: memory, heartbeats, and their return after a crash (default: 1000).")
    static final class Connections implements Callable<Integer> {
        private final Console console;

        @Mixin
        private PlanOptions options;

        @Mixin
        private OutputOption output;

        Connections(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            Findings findings = new Findings(IdleFleet.Findings.headings());
            new Benchmark(options.plan(1000)).connections(found -> findings.add(found.json(), found.cells()));
            return findings.tell(output, console);
        }
    }

    /** What the others start. */
    @Command(name = "target", hidden = true, description = "A server to be measured.")
    static final class Target implements Callable<Integer> {
        private static final String DB_PASSWORD = "FAIRLEAD_DB_PASSWORD";

        private final Console console;

        @Parameters(index = "0")
        private ServerKind kind;

        @Parameters(index = "1..*", paramLabel = "KEY=VALUE")
        private List<String> settings = List.of();

        Target(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            SettingsLoader loader = SettingsLoader.nothing();
            if (settings.stream().anyMatch(setting -> setting.startsWith("db.url="))) {
                // Among the arguments every user of this machine could read it.
                console.variable(DB_PASSWORD).ifPresent(text -> loader.environment(Map.of(DB_PASSWORD, text)));
            }
            new BenchTarget(console.in(), console.out())
                    .run(kind, loader.set(settings).load().settings());
            return ExitStatus.OK.code();
        }
    }
}
