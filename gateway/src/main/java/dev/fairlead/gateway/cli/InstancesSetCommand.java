package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code instances set}: changes what an instance is set to. */
@Command(
        name = "set",
        description = {
            "Changes settings of an instance; what is not given stays.",
            "Its labels, restart, health, autostart, depends-on and ready-when change at any time, all else only while"
                    + " it is stopped."
        })
final class InstancesSetCommand extends GatewayCommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The instance's name.",
            converter = AgentName.Converter.class)
    private AgentName name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "COMMAND",
            description = "Another program and its arguments, after --.")
    private List<String> command;

    @Option(names = "--autostart", negatable = true, description = "Start it with the gateway, or not.")
    private Optional<Boolean> autostart = Optional.empty();

    @Mixin
    private InstanceOptions options;

    InstancesSetCommand(Console console) {
        super(console);
    }

    @Override
    void run(GatewayCalls calls) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (command != null) {
            command.forEach(body.putArray("command")::add);
        }
        autostart.ifPresent(wanted -> body.put("autostart", wanted));
        options.into(body);
        if (body.isEmpty()) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "Nothing is to be changed; 'fairlead instances set --help' tells what can be");
        }
        JsonNode answer = calls.patch("/api/instances/" + name.text(), body);
        tell(answer, "Instance " + name.text() + " is changed.");
    }
}
