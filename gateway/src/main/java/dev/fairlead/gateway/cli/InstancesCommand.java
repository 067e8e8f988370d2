package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code instances ls}, {@code create}, {@code clone}, and one command for each step of an instance's life. */
@Command(
        name = "instances",
        description = "The programs the gateway runs.",
        subcommands = {
            InstancesCommand.Ls.class,
            InstancesCommand.History.class,
            InstancesCommand.Create.class,
            InstancesSetCommand.class,
            InstancesLabelCommand.class,
            InstancesCommand.Clone.class,
            InstancesCommand.Start.class,
            InstancesCommand.Stop.class,
            InstancesCommand.Restart.class,
            InstancesCommand.Archive.class,
            InstancesCommand.Unarchive.class,
            InstancesCommand.Rm.class
        })
final class InstancesCommand {
    private static final String PATH = "/api/instances";
    static final String SELECTOR =
            "All that have these labels: team=a, team!=a, 'team in (a,b)', team, '!team', several with commas.";

    /** A call on one instance. */
    private abstract static class OnOne extends GatewayCommand {
        @Parameters(
                index = "0",
                paramLabel = "NAME",
                description = "The instance's name.",
                converter = AgentName.Converter.class)
        private AgentName name;

        OnOne(Console console) {
            super(console);
        }

        String name() {
            return name.text();
        }
    }

    /** One step in an instance's life, called as the class is. */
    private abstract static class Step extends GatewayCommand {
        @ArgGroup(exclusive = true, multiplicity = "1")
        private Meant meant;

        /** One by its name, or many by their labels. */
        private static final class Meant {
            @Parameters(
                    index = "0",
                    paramLabel = "NAME",
                    description = "The instance's name.",
                    converter = AgentName.Converter.class)
            private AgentName name;

            @Option(
                    names = {"-l", "--selector"},
                    paramLabel = "SELECTOR",
                    description = SELECTOR)
            private String selector;
        }

        Step(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            String verb = getClass().getSimpleName().toLowerCase(Locale.ROOT);
            if (meant.selector != null) {
                many(calls, verb);
                return;
            }
            String name = meant.name.text();
            JsonNode answer = calls.post(PATH + "/" + name + "/" + verb, JsonNodeFactory.instance.objectNode());
            String archived = answer.hasNonNull("archived_at") ? ", archived" : "";
            tell(answer, "Instance " + name + " is " + answer.path("status").asText() + archived + ".");
        }

        private void many(GatewayCalls calls, String verb) {
            JsonNode answer = calls.post(
                    PATH + "/bulk",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("selector", meant.selector)
                            .put("action", verb));
            JsonNode results = answer.path("results");
            if (results.isEmpty()) {
                tell(answer, "No instance is meant by '" + meant.selector + "'.");
                return;
            }
            int refused = 0;
            TextTable table = new TextTable("NAME", "OUTCOME", "STATUS", "WHY");
            for (JsonNode row : results) {
                refused += row.path("outcome").asText().equals("refused") ? 1 : 0;
                table.row(shown(row, "name"), shown(row, "outcome"), shown(row, "status"), shown(row, "message"));
            }
            write(answer, () -> table.print(console().out()));
            if (refused > 0) {
                throw new CommandFailure(
                        ExitStatus.FAILED, refused + " of " + results.size() + " were refused; each row says why.");
            }
        }
    }

    /** Lists them. */
    @Command(name = "ls", description = "Lists instances.")
    static final class Ls extends GatewayCommand {
        @Option(names = "--all", description = "Archived ones, too.")
        private boolean all;

        @Option(
                names = {"-l", "--selector"},
                paramLabel = "SELECTOR",
                description = SELECTOR)
        private Optional<String> selector = Optional.empty();

        Ls(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            StringBuilder path = new StringBuilder(PATH + "?include_archived=" + all);
            add(path, "selector", selector);
            JsonNode answer = calls.get(path.toString());
            write(answer, () -> {
                TextTable table =
                        new TextTable("NAME", "STATUS", "PORT", "PID", "RESTARTS", "ARCHIVED", "PROTOCOL", "LABELS");
                for (JsonNode instance : answer.path("instances")) {
                    table.row(
                            shown(instance, "name"),
                            shown(instance, "status"),
                            shown(instance, "port"),
                            shown(instance, "pid"),
                            shown(instance, "restarts"),
                            shown(instance, "archived_at"),
                            shown(instance, "protocol"),
                            labels(instance));
                }
                table.print(console().out());
            });
        }
    }

    static String labels(JsonNode instance) {
        String labels = instance.path("labels").properties().stream()
                .map(label -> label.getKey() + "=" + label.getValue().asText())
                .collect(Collectors.joining(","));
        return labels.isEmpty() ? "-" : labels;
    }

    /** What became of one. */
    @Command(name = "history", description = "Says what became of an instance, the oldest first.")
    static final class History extends OnOne {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "100",
                converter = Count.class,
                description = "The last so many, at most 500 (default: ${DEFAULT-VALUE}).")
        private int limit;

        History(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get(PATH + "/" + name() + "/events?limit=" + limit);
            write(answer, () -> {
                TextTable table = new TextTable("TIME", "WHAT", "WHO", "PID", "RESTARTS", "WHY");
                JsonNode events = answer.path("events");
                for (int i = events.size() - 1; i >= 0; i--) {
                    JsonNode event = events.get(i);
                    table.row(
                            shown(event, "at"),
                            shown(event, "kind"),
                            shown(event, "actor"),
                            shown(event, "pid"),
                            shown(event, "restarts"),
                            shown(event, "reason"));
                }
                table.print(console().out());
            });
        }
    }

    /** Makes one. */
    @Command(name = "create", description = "Makes an instance; put -- before a command that has options of its own.")
    static final class Create extends OnOne {
        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "COMMAND",
                description = "The program and its arguments.")
        private List<String> command;

        @Option(
                names = {"-l", "--label"},
                paramLabel = "KEY=VALUE",
                description = "A label to sort it by, such as team=a.")
        private Map<String, String> labels;

        @Option(names = "--autostart", description = "Start it with the gateway.")
        private boolean autostart;

        @Mixin
        private InstanceOptions options;

        Create(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name());
            command.forEach(body.putArray("command")::add);
            if (labels != null) {
                ObjectNode all = body.putObject("labels");
                labels.forEach(all::put);
            }
            body.put("autostart", autostart);
            options.into(body);
            JsonNode answer = calls.post(PATH, body);
            tell(
                    answer,
                    "Instance " + name() + " is made, on port "
                            + answer.path("port").asText() + ".");
        }
    }

    /** Makes one like another. */
    @Command(name = "clone", description = "Makes an instance with the settings of another, on the next free port.")
    static final class Clone extends OnOne {
        @Parameters(
                index = "1",
                paramLabel = "CLONE",
                description = "The new one's name.",
                converter = AgentName.Converter.class)
        private AgentName clone;

        Clone(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.post(
                    PATH + "/" + name() + "/clone",
                    JsonNodeFactory.instance.objectNode().put("name", clone.text()));
            tell(
                    answer,
                    "Instance " + clone + " is made, on port "
                            + answer.path("port").asText() + ".");
        }
    }

    @Command(name = "start", description = "Starts an instance, or all with a label.")
    static final class Start extends Step {
        Start(Console console) {
            super(console);
        }
    }

    @Command(name = "stop", description = "Stops an instance and all it started, or all with a label.")
    static final class Stop extends Step {
        Stop(Console console) {
            super(console);
        }
    }

    @Command(name = "restart", description = "Stops an instance, then starts it again; or all with a label.")
    static final class Restart extends Step {
        Restart(Console console) {
            super(console);
        }
    }

    @Command(name = "archive", description = "Puts a stopped instance away, or all with a label.")
    static final class Archive extends Step {
        Archive(Console console) {
            super(console);
        }
    }

    @Command(name = "unarchive", description = "Brings an archived instance back, or all with a label.")
    static final class Unarchive extends Step {
        Unarchive(Console console) {
            super(console);
        }
    }

    /** Deletes one. */
    @Command(name = "rm", aliases = "delete", description = "Deletes an archived instance and its log.")
    static final class Rm extends OnOne {
        Rm(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            tell(calls.delete(PATH + "/" + name()), "Instance " + name() + " is deleted.");
        }
    }
}
