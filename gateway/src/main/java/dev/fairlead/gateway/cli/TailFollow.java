package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.client.ConnectionState;
import dev.fairlead.protocol.client.ReceivedFrame;
import dev.fairlead.protocol.client.StreamClient;
import dev.fairlead.protocol.client.StreamClientOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A log followed over reconnects: its lines to stdout, all else to stderr. */
final class TailFollow {
    private final Console console;
    private final StreamClientOptions options;
    private final LogLinesText text;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private boolean began;

    /**
     * Follows a log.
     *
     * @param began whether lines were printed before, which these go on from
     */
    TailFollow(Console console, String target, GatewayOptions gateway, LogLinesText text, boolean began) {
        this.console = console;
        this.text = text;
        this.began = began;
        StreamClientOptions withoutToken = StreamClientOptions.of(gateway.url() + target);
        Optional<Secret> bearer = new GatewayLogin(gateway).given();
        this.options =
                bearer.map(secret -> withoutToken.withToken(secret.reveal())).orElse(withoutToken);
    }

    ExitStatus run() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            StreamClient stream = StreamClient.create(vertx, options);
            stream.onState(this::told).onFrame(this::print);
            TerminationSignals.onFirst(stream::close);
            Future<Void> unused = stream.start();
            return ended.join();
        } finally {
            Future<Void> unused = vertx.close();
        }
    }

    private void print(ReceivedFrame frame) {
        switch (frame.type()) {
            case "backlog", "lines" -> {
                if (frame.kind() == ReceivedFrame.Kind.SNAPSHOT && began) {
                    tell("what was written meanwhile is gone; these are the latest lines");
                }
                began = true;
                lines(frame);
            }
            case "rotated" -> tell("the log was rotated");
            case "skipped" ->
                tell(frame.json().path("bytes").asLong() + " bytes were dropped before they could be told");
            case "ended" -> {
                tell("the log ended: it is " + frame.json().path("reason").asText());
                ended.complete(ExitStatus.OK);
            }
            case "error" -> tell(frame.json().path("message").asText());
            default -> {} // of a later version
        }
    }

    private void lines(ReceivedFrame frame) {
        if (text.form() == OutputOption.Form.JSON) {
            console.out().println(frame.text());
        } else {
            text.print(frame.json());
        }
        if (console.out().checkError()) { // nobody reads any more
            ended.complete(ExitStatus.OK);
        }
    }

    private void told(ConnectionState state) {
        if (state instanceof ConnectionState.Disconnected lost) {
            tell(GatewayAway.mended(lost.reason()) + "; next attempt in "
                    + lost.retryIn().toMillis() + " ms");
        } else if (state instanceof ConnectionState.Ready && began) {
            tell("connected again");
        } else if (state instanceof ConnectionState.Stopped end) {
            end.code().ifPresent(code -> tell(end.reason()));
            ended.complete(StoppedClient.status(end));
        }
    }

    private void tell(String what) {
        console.err().println("fairlead: " + what);
    }
}
