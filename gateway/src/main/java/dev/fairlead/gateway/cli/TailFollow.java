package dev.fairlead.gateway.cli;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.protocol.client.ConnectionState;
import dev.fairlead.protocol.client.ReceivedFrame;
import dev.fairlead.protocol.client.StreamClient;
import dev.fairlead.protocol.client.StreamClientOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Logs followed over reconnects, all on one event loop: their lines to stdout, all else to stderr. */
final class TailFollow {
    /**
     * A log to follow.
     *
     * @param target of its stream, with what is wanted of it
     * @param began whether lines were printed before, which these go on from
     */
    record Followed(String target, LogLinesText text, boolean began) {}

    private final Console console;
    private final GatewayOptions gateway;
    private final List<Tail> tails;
    private final CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    private int going;
    private ExitStatus status = ExitStatus.OK;

    TailFollow(Console console, GatewayOptions gateway, List<Followed> logs) {
        this.console = console;
        this.gateway = gateway;
        this.tails = logs.stream().map(Tail::new).toList();
        this.going = tails.size();
    }

    /** Until all of them have ended, or nobody reads any more. */
    ExitStatus run() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Optional<Secret> bearer = new GatewayLogin(gateway).given();
        try {
            List<StreamClient> streams = new ArrayList<>();
            for (Tail tail : tails) {
                StreamClientOptions withoutToken = StreamClientOptions.of(gateway.url() + tail.log.target());
                StreamClient stream = StreamClient.create(
                        vertx,
                        bearer.map(secret -> withoutToken.withToken(secret.reveal()))
                                .orElse(withoutToken));
                stream.onState(tail::told).onFrame(tail::print);
                streams.add(stream);
            }
            TerminationSignals.onFirst(() -> streams.forEach(StreamClient::close));
            streams.forEach(stream -> {
                Future<Void> unused = stream.start();
            });
            return ended.join();
        } finally {
            Future<Void> unused = vertx.close();
        }
    }

    private void oneEnded(ExitStatus how) {
        status = status == ExitStatus.OK ? how : status;
        if (--going == 0) {
            ended.complete(status);
        }
    }

    /** One of the logs, on its way. */
    private final class Tail {
        private final Followed log;
        private boolean began;
        private boolean over;

        Tail(Followed log) {
            this.log = log;
            this.began = log.began();
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
                    end(ExitStatus.OK);
                }
                case "error" -> tell(frame.json().path("message").asText());
                default -> {} // of a later version
            }
        }

        private void lines(ReceivedFrame frame) {
            if (log.text().form() == OutputOption.Form.TEXT) {
                log.text().print(frame.json());
            } else if (log.text().name().isPresent()) {
                LogRange.lines(frame.json()).forEachRemaining(log.text()::print);
            } else {
                console.out().println(frame.text());
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
                end(StoppedClient.status(end));
            }
        }

        private void end(ExitStatus how) {
            if (!over) {
                over = true;
                oneEnded(how);
            }
        }

        private void tell(String what) {
            console.err()
                    .println("fairlead: "
                            + log.text().name().map(name -> name + ": ").orElse("") + what);
        }
    }
}
