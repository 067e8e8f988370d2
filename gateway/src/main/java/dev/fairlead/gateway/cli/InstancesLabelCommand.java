package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code instances label}: gives an instance labels, and takes them away. */
@Command(name = "label", description = "Gives an instance labels, or takes them away; it may run meanwhile.")
final class InstancesLabelCommand extends GatewayCommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The instance's name.",
            converter = AgentName.Converter.class)
    private AgentName name;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "KEY=VALUE|KEY-",
            description = "A label such as team=a, or one to take away, such as team-.")
    private List<String> labels;

    InstancesLabelCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        String path = "/api/instances/" + name.text();
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        calls.get(path).path("labels").properties().forEach(label -> all.set(label.getKey(), label.getValue()));
        for (String label : labels) {
            String[] parts = label.split("=", 2);
            if (parts.length == 2) {
                all.put(parts[0], parts[1]);
            } else if (label.endsWith("-")) {
                all.remove(label.substring(0, label.length() - 1));
            } else {
                throw new CommandFailure(
                        ExitStatus.USAGE, "'" + label + "' is no label: it is KEY=VALUE, or KEY- to take one away");
            }
        }
        JsonNode answer =
                calls.patch(path, JsonNodeFactory.instance.objectNode().set("labels", all));
        tell(answer, "Instance " + name.text() + " has the labels " + InstancesCommand.labels(answer) + ".");
    }
}
