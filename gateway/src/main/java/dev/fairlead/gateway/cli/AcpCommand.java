package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.faces.acp.AcpServer;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code acp}: any agent of the fleet, inside an editor that speaks ACP. */
@Command(
        name = "acp",
        description = {
            "Speaks the Agent Client Protocol on stdin and stdout: an editor's panel talks with an agent of the fleet.",
            "Each thread is a session of the gateway's chat, which goes on where it was after a lost connection. What"
                    + " waits for a person is asked in the editor, and in the gateway's inbox: the first answer wins."
        })
final class AcpCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway;

    @Option(
            names = "--agent",
            paramLabel = "AGENT",
            description = "Who answers: operator, llm or agent:<name> (default: the gateway's chat.agent).")
    private Optional<String> agent = Optional.empty();

    AcpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            Context context = vertx.getOrCreateContext();
            EditorMind mind = new EditorMind(
                    vertx, context, gateway, agent, what -> console.err().println("fairlead: " + what));
            AcpServer server = new AcpServer(vertx, context, console.in(), console.out(), mind);
            TerminationSignals.onFirst(server::close);
            server.untilEnded();
            mind.close().toCompletionStage().toCompletableFuture().join();
            return ExitStatus.OK.code();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
