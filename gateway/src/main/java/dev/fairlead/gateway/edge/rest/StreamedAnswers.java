package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.edge.access.LateEnds;
import dev.fairlead.gateway.edge.access.Principal;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers that are sent piece by piece, some for hours. None outlives the session, token or key that asked for it: its
 * connection is cut then, for an end in order would say that this was all. Confined to the event loop of its edge.
 */
public final class StreamedAnswers {
    /** Bounds how late an expired token is noticed. */
    private static final Duration SWEEP = Duration.ofMillis(500);

    private final TimeSource time;
    private final Ticker sweeper;
    private final LateEnds ends = new LateEnds();
    private final Set<Sending> all = new HashSet<>();

    /** For the event loop of {@code scheduler}. */
    public StreamedAnswers(Scheduler scheduler, TimeSource time) {
        this.time = time;
        this.sweeper = new Ticker(scheduler, SWEEP, () -> !all.isEmpty(), this::sweep);
    }

    /** One of them; no record, for each is itself alone. */
    private static final class Sending {
        private final HttpServerResponse response;
        private final Optional<String> credential;
        private final Answer.Source source;
        private final OptionalLong endsAt; // in nanoseconds of the monotonic clock, whatever the wall clock does

        Sending(HttpServerResponse response, Answer.Source source, Optional<String> credential, OptionalLong endsAt) {
            this.response = response;
            this.source = source;
            this.credential = credential;
            this.endsAt = endsAt;
        }

        boolean isOver() {
            return response.ended() || response.closed();
        }

        boolean isPast(long now) {
            return endsAt.isPresent() && now - endsAt.getAsLong() > 0;
        }
    }

    /**
     * Sends the pieces of an answer whose head is set, never more than the client takes; where the source fails, the
     * connection is cut.
     *
     * @param asker who asked, and may have it for as long as their credentials hold
     */
    void send(Principal asker, HttpServerResponse response, Answer.Source source) {
        Sending sending = new Sending(response, source, credential(asker), endsAt(asker));
        if (sending.credential.filter(ends::has).isPresent()) {
            cut(sending);
            return;
        }
        all.add(sending);
        sweeper.wake();
        // Who waits for events is told at once that some will come.
        response.closeHandler(gone -> source.close());
        response.setChunked(true).writeHead().onSuccess(sent -> pieces(sending));
    }

    /** Cuts off what these sessions of the dashboard, or keys, asked for. */
    public void end(Set<String> credentials) {
        ends.add(credentials);
        cutWhere(sending -> sending.credential.filter(credentials::contains).isPresent());
    }

    /** Looks no more whose time is over. */
    public void stop() {
        sweeper.cancel();
    }

    private static Optional<String> credential(Principal asker) {
        return asker instanceof Principal.Operator operator
                ? operator.login()
                : asker instanceof Principal.FaceKey key ? Optional.of(key.id()) : Optional.empty();
    }

    private OptionalLong endsAt(Principal asker) {
        return asker instanceof Principal.Operator operator
                        && operator.sessionEnds().isPresent()
                ? OptionalLong.of(time.nanos()
                        + Duration.between(
                                        time.instant(), operator.sessionEnds().get())
                                .toNanos())
                : OptionalLong.empty();
    }

    private void pieces(Sending sending) {
        sending.source.next().onComplete(piece -> {
            HttpServerResponse response = sending.response;
            if (sending.isOver()) {
                sending.source.close();
                return;
            }
            if (piece.failed()) {
                Log.failed(piece.cause());
                cut(sending);
            } else if (piece.result().isEmpty()) {
                pieces(sending);
            } else if (piece.result().get().length() == 0) {
                sending.source.close();
                Future<Void> unused = response.end();
            } else {
                response.write(piece.result().get()).onSuccess(sent -> pieces(sending));
            }
        });
    }

    private void sweep() {
        all.removeIf(Sending::isOver);
        long now = time.nanos();
        cutWhere(sending -> sending.isPast(now));
    }

    private void cutWhere(Predicate<Sending> ended) {
        List<Sending> those = new ArrayList<>(all);
        those.removeIf(ended.negate());
        those.forEach(this::cut);
    }

    private void cut(Sending sending) {
        all.remove(sending);
        sending.source.close();
        Future<Void> unused = sending.response.reset().mapEmpty();
    }

    private static final class Log {
        private static final org.slf4j.Logger log = org.slf4j.LoggerFactory.getLogger(StreamedAnswers.class);

        static void failed(Throwable failure) {
            log.error("A streamed answer failed", failure);
        }
    }
}
