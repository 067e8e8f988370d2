package dev.fairlead.gateway.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code chat}: a conversation in a shell. */
@Command(
        name = "chat",
        description = {
            "Talks with an agent: each line typed is a message, the answer comes as it is said.",
            "Calls of tools are told on stderr; one that waits for you is answered with y or n. Ctrl-C ends the turn that"
                    + " runs, or, where none does, the conversation. After a lost connection it goes on where it was."
        })
final class ChatCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway;

    @Option(names = "--session", paramLabel = "ID", description = "The session to go on with (default: a new one).")
    private Optional<String> session = Optional.empty();

    @Option(names = "--name", paramLabel = "NAME", description = "What a new session is called.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--agent",
            paramLabel = "AGENT",
            description = "Who answers: operator, llm or agent:<name> (default: the gateway's chat.agent).")
    private Optional<String> agent = Optional.empty();

    @Option(
            names = "--raw",
            description = "Write control characters to a terminal as they are; without, colours alone pass.")
    private boolean raw;

    ChatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        return new ChatRun(console.raw(raw), gateway, session, name, agent)
                .run()
                .code();
    }
}
