package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.settings.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code alerts} and what can be done about them. */
@Command(
        name = "alerts",
        description = "What calls for attention: what fires, with --all what is over too.",
        subcommands = {
            AlertsCommand.Rules.class,
            AlertsCommand.Silence.class,
            AlertsCommand.Test.class,
            AlertsCommand.Add.class,
            AlertsCommand.Remove.class
        })
final class AlertsCommand extends GatewayCommand {
    private static final String PATH = "/api/alerts";

    @Option(names = "--all", description = "Those that are over, too.")
    private boolean all;

    AlertsCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        JsonNode answer = calls.get(PATH);
        write(answer, () -> print(answer));
    }

    private void print(JsonNode answer) {
        TextTable table = new TextTable("ID", "STATE", "SEVERITY", "SINCE", "WHAT");
        for (JsonNode alert : answer.path("alerts")) {
            boolean firing = alert.path("state").asText().equals("firing");
            if (firing || all) {
                table.row(
                        alert.path("id").asText(),
                        firing && alert.has("silenced_until")
                                ? "silenced"
                                : alert.path("state").asText(),
                        alert.path("severity").asText(),
                        alert.path("started_at").asText(),
                        alert.path("summary").asText());
            }
        }
        table.print(console().out());
        for (JsonNode receiver : answer.path("receivers")) {
            if (receiver.has("last_error")) {
                console()
                        .err()
                        .println(receiver.path("name").asText() + " did not take the last: "
                                + receiver.path("last_error").asText());
            }
        }
    }

    /** The rules. */
    @Command(name = "rules", description = "Shows what is watched for, and who is told.")
    static final class Rules extends GatewayCommand {
        Rules(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.get(PATH);
            write(answer, () -> print(answer));
        }

        private void print(JsonNode answer) {
            TextTable table = new TextTable("ID", "RULE", "SEVERITY", "FROM", "SILENCED UNTIL");
            for (JsonNode rule : answer.path("rules")) {
                table.row(
                        rule.path("id").asText(),
                        rule.path("rule").asText(),
                        rule.path("severity").asText(),
                        rule.path("source").asText(),
                        shown(rule, "silenced_until"));
            }
            table.print(console().out());
            List<String> told = new ArrayList<>();
            answer.path("receivers").forEach(one -> told.add(one.path("name").asText()));
            console()
                    .err()
                    .println(told.isEmpty() ? "Nobody outside is told." : "Told: " + String.join(", ", told) + ".");
        }
    }

    /** Has nobody told for a while. */
    @Command(name = "silence", description = "Has nobody told for a while, of a rule or of what one alert is about.")
    static final class Silence extends GatewayCommand {
        @Parameters(index = "0", paramLabel = "ID", description = "The id of a rule or an alert.")
        private String id;

        @Parameters(
                index = "1",
                paramLabel = "TIME",
                defaultValue = "1h",
                converter = Time.class,
                description = "Such as 30m or 2d; 0 ends the silence (default: ${DEFAULT-VALUE}).")
        private Duration time;

        Silence(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("for_seconds", time.toSeconds());
            JsonNode answer = calls.post(PATH + "/" + encoded(id) + "/silence", body);
            tell(
                    answer,
                    answer.has("until")
                            ? "Nobody is told of " + id + " until "
                                    + answer.path("until").asText() + "."
                            : "Alerts of " + id + " are told again.");
        }
    }

    /** Tries the receivers. */
    @Command(name = "test", description = "Tells every receiver that this is a test.")
    static final class Test extends GatewayCommand {
        @Parameters(
                paramLabel = "ID",
                arity = "0..1",
                description = "The id of a rule or an alert (default: the first).")
        private Optional<String> id = Optional.empty();

        Test(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            String which = id.orElseGet(() -> first(calls.get(PATH)));
            JsonNode answer = calls.post(PATH + "/" + encoded(which) + "/test", JsonNodeFactory.instance.objectNode());
            boolean failed = false;
            for (JsonNode result : answer.path("results")) {
                failed |= !result.path("ok").asBoolean();
            }
            write(answer, () -> answer.path("results").forEach(result -> console()
                    .out()
                    .println(result.path("receiver").asText() + ": "
                            + result.path("error").asText("told"))));
            if (failed) {
                throw new CommandFailure(ExitStatus.FAILED, "Not every receiver took it");
            }
        }

        private static String first(JsonNode all) {
            return Optional.ofNullable(all.path("rules").get(0))
                    .map(rule -> rule.path("id").asText())
                    .orElseThrow(() -> new CommandFailure(
                            ExitStatus.FAILED, "There is no rule: set alerts.rules, or use fairlead alerts add"));
        }
    }

    /** Adds a rule. */
    @Command(name = "add", description = "Adds a rule, such as agent_gone@scout=1m or 'log_line@web=FATAL'.")
    static final class Add extends GatewayCommand {
        @Parameters(paramLabel = "RULE", description = "kind, kind=value or kind@name=value.")
        private String rule;

        Add(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer =
                    calls.post(PATH, JsonNodeFactory.instance.objectNode().put("rule", rule));
            tell(answer, "Rule " + answer.path("id").asText() + " is watched.");
        }
    }

    /** Removes a rule that was added. */
    @Command(name = "rm", description = "Removes a rule that was added.")
    static final class Remove extends GatewayCommand {
        @Parameters(paramLabel = "ID", description = "The rule's id.")
        private String id;

        Remove(Console console) {
            super(console);
        }

        @Override
        void run(GatewayCalls calls) {
            JsonNode answer = calls.delete(PATH + "/" + encoded(id));
            tell(answer, "Rule " + id + " is gone.");
        }
    }

    /** Reads a time. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return DurationText.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is no time: give " + e.getMessage());
            }
        }
    }
}
