package dev.fairlead.gateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ws PATH}: a WebSocket for a shell. */
@Command(
        name = "ws",
        description = {
            "Prints each frame of a WebSocket on a line and sends each line typed.",
            "Goes on after the end of stdin. Exits with 0 after a normal close or a signal, 4 where token or password are"
                    + " refused, 3 where the gateway is or goes away, 1 otherwise."
        })
final class WsCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GatewayOptions gateway;

    @Parameters(paramLabel = "PATH", description = "For instance /ws/agents or /ws/instances?ping=0.")
    private String path;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "NAME:VALUE",
            description = "A further header of the handshake; may be repeated.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--subprotocol",
            paramLabel = "NAME",
            description = "A sub-protocol to offer; may be repeated (default: fairlead.v1).")
    private List<String> subProtocols = new ArrayList<>();

    @Option(names = "--exit-on-eof", description = "Close the socket at the end of stdin.")
    private boolean exitOnEof;

    @Option(
            names = "--reconnect",
            description = "Follow a stream for ever: reconnect, resume without loss where possible. Sends nothing.")
    private boolean reconnect;

    @Option(
            names = "--raw",
            description = "Write control characters to a terminal as they are; without, colours alone pass.")
    private boolean raw;

    WsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        for (String header : headers) {
            if (header.indexOf(':') < 1 || header.chars().anyMatch(Character::isISOControl)) {
                throw new ParameterException(spec.commandLine(), "A header is NAME:VALUE");
            }
        }
        if (!path.matches("/?[\\x21-\\x7E]*")) {
            throw new ParameterException(spec.commandLine(), "A path has no spaces; write them as %20");
        }
        String target = path.startsWith("/") ? path : "/" + path;
        if (reconnect && (exitOnEof || !headers.isEmpty() || !subProtocols.isEmpty())) {
            throw new ParameterException(
                    spec.commandLine(), "--reconnect goes with neither --header, --subprotocol nor --exit-on-eof");
        }
        if (reconnect) {
            return new WsFollow(console.raw(raw), target, gateway).run().code();
        }
        List<String> offered = subProtocols.isEmpty() ? List.of("fairlead.v1") : List.copyOf(subProtocols);
        WsSession session = new WsSession(console.raw(raw), target, gateway, headers, offered);
        return session.run(exitOnEof).code();
    }
}
