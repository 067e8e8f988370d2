package dev.fairlead.gateway.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mcp}: for clients of the Model Context Protocol that start a command instead of calling an address. */
@Command(
        name = "mcp",
        description = {
            "Speaks the Model Context Protocol on stdin and stdout, by way of the gateway's /mcp.",
            "For clients that start a command; those that call an address go there themselves. Who asks is a key of"
                    + " 'token create NAME --mcp' in FAIRLEAD_TOKEN or --token-file, or the operator."
        })
final class McpCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway;

    McpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        new McpBridge(new McpHttp(gateway), console.in(), console.out(), console.err()).run();
        return ExitStatus.OK.code();
    }
}
