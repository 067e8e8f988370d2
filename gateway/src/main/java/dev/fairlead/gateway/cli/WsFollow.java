package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.client.ConnectionState;
import dev.fairlead.protocol.client.StreamClient;
import dev.fairlead.protocol.client.StreamClientOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A stream followed over reconnects, resumed where the gateway still has what was missed. */
final class WsFollow {

    private final Console console;
    private final StreamClientOptions options;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();

    WsFollow(Console console, String target, GatewayOptions gateway) {
        this.console = console;
        StreamClientOptions withoutToken = StreamClientOptions.of(gateway.url() + target);
        Optional<Secret> bearer = new GatewayLogin(gateway).given();
        this.options =
                bearer.map(secret -> withoutToken.withToken(secret.reveal())).orElse(withoutToken);
    }

    ExitStatus run() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            StreamClient stream = StreamClient.create(vertx, options);
            stream.onState(this::told).onFrame(frame -> print(frame.text()));
            TerminationSignals.onFirst(stream::close);
            stream.start();
            return ended.join();
        } finally {
            vertx.close();
        }
    }

    private void print(String frame) {
        console.out().println(frame);
        if (console.out().checkError()) {
            ended.complete(ExitStatus.OK);
        }
    }

    private void told(ConnectionState state) {
        if (state instanceof ConnectionState.Disconnected lost) {
            console.err()
                    .println("fairlead: " + GatewayAway.mended(lost.reason()) + "; next attempt in "
                            + lost.retryIn().toMillis() + " ms");
        } else if (state instanceof ConnectionState.Stopped end) {
            end.code().ifPresent(code -> console.err().println("fairlead: " + end.reason()));
            ended.complete(StoppedClient.status(end));
        }
    }
}
