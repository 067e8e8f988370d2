package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fairlead.gateway.auth.GatewayIdentity;
import dev.fairlead.gateway.auth.LoginKeys;
import dev.fairlead.gateway.time.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code open}: a link to the page that logs a browser in. */
@Command(
        name = "open",
        description = {
            "Writes a link to the dashboard that logs a browser in: good once, for ten minutes.",
            "Needs the gateway's data folder, or the admin password or an operator token."
        })
final class OpenCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private GatewayOptions gateway;

    @Mixin
    private OutputOption output;

    OpenCommand(Console console) {
        this.console = console;
    }

    private record Made(String key, String expiresAt) {
        @Override
        public String toString() {
            return "Made[" + expiresAt + "]";
        }
    }

    @Override
    public Integer call() {
        Made made = inFolder().orElseGet(this::asked);
        String link = gateway.url() + "/#key=" + made.key();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("url", link).put("expires_at", made.expiresAt());
        output.write(json, () -> {
            console.out().println(link);
            console.err().println("Good until " + made.expiresAt() + ", once.");
        });
        return ExitStatus.OK.code();
    }

    /** Made in the data folder, where that is at hand: whoever may write there needs no password. */
    private Optional<Made> inFolder() {
        Path folder = gateway.dataFolder().resolve(LoginKeys.FOLDER);
        Optional<GatewayIdentity> identity = gateway.proof().identity();
        if (gateway.given().isPresent()
                || !gateway.local()
                || identity.isEmpty()
                || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.isWritable(folder)) {
            return Optional.empty();
        }
        // The link leads there, and the key with it.
        new GatewayLogin(gateway).prove(identity.get());
        try {
            LoginKeys.Key key = new LoginKeys(folder).make(TimeSource.system().instant(), LoginKeys.LIFE);
            return Optional.of(new Made(key.text(), key.expiresAt().toString()));
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.FAILED, "No key can be made in " + folder + ": " + e.getMessage());
        }
    }

    private Made asked() {
        JsonNode answer =
                new GatewayCalls(gateway).post("/api/admin/login-keys", JsonNodeFactory.instance.objectNode());
        return new Made(answer.path("key").asText(), answer.path("expires_at").asText());
    }
}
