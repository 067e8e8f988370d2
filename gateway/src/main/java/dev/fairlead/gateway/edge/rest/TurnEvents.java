package dev.fairlead.gateway.edge.rest;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.edge.chat.ChatSockets;
import dev.fairlead.gateway.edge.chat.ChatViewer;
import dev.fairlead.gateway.faces.openai.LiveAnswer;
import dev.fairlead.gateway.faces.openai.OpenAiCommands;
import dev.fairlead.gateway.time.Scheduler;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of a turn for one client. What was told before it came is read of the face; from there on they are made
 * here, of what the chat tells this edge. A client that does not take them has them read of the face again: nothing
 * waits here but what one write holds. One that leaves takes no more, and the turn goes on. Confined to its edge's
 * event loop.
 */
final class TurnEvents implements Answer.Source, ChatViewer {
    /** Between two signs of life where nothing is told: proxies cut off what says nothing for long. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Buffer COMMENT = Buffer.buffer(": keep-alive\n\n");

    private final Bus bus;
    private final String place;
    private final ChatSockets chats;
    private final Scheduler scheduler;
    private final OpenAiCommands.Asker asker;
    private final OpenAiCommands.Open turn;
    private final List<ChatDelivery.Frames> early = new ArrayList<>(); // told while the face is read, once
    private Optional<LiveAnswer> live = Optional.empty();
    private Optional<Promise<Optional<Buffer>>> awaited = Optional.empty();
    private Scheduler.Cancellable silence = () -> {};
    private long after;
    private boolean reading;
    private boolean goneEarly;
    private boolean told;
    private boolean last;
    private boolean closed;

    TurnEvents(
            Bus bus,
            String place,
            ChatSockets chats,
            Scheduler scheduler,
            OpenAiCommands.Asker asker,
            OpenAiCommands.Open turn) {
        this.bus = bus;
        this.place = place;
        this.chats = chats;
        this.scheduler = scheduler;
        this.asker = asker;
        this.turn = turn;
        this.after = turn.after();
    }

    @Override
    public Future<Optional<Buffer>> next() {
        if (last || closed) {
            return Future.succeededFuture(Optional.of(Buffer.buffer()));
        }
        Optional<Buffer> made = live.flatMap(this::made);
        if (made.isPresent()) {
            return Future.succeededFuture(made);
        }
        if (live.filter(answer -> !answer.isBehind()).isEmpty()) {
            return read();
        }
        Promise<Optional<Buffer>> promise = Promise.promise();
        awaited = Optional.of(promise);
        return promise.future();
    }

    @Override
    public void take(ChatDelivery.Frames frames) {
        if (reading) {
            early.add(frames);
        }
        live.ifPresent(answer -> {
            answer.hear(frames);
            tell(answer);
        });
    }

    @Override
    public void gone() {
        goneEarly = reading;
        live.ifPresent(answer -> {
            answer.gone();
            tell(answer);
        });
    }

    @Override
    public void close() {
        closed = true;
        awaited = Optional.empty();
        leave();
    }

    private void tell(LiveAnswer answer) {
        if (awaited.isPresent()) {
            Optional<Buffer> made = made(answer);
            if (made.isPresent() || answer.isBehind()) {
                give(made);
            }
        } else if (answer.isBehind()) {
            leave(); // its client is slow: the face keeps what it has not taken
        }
    }

    private void give(Optional<Buffer> events) {
        Promise<Optional<Buffer>> promise = awaited.orElseThrow();
        awaited = Optional.empty();
        promise.complete(events);
    }

    private Optional<Buffer> made(LiveAnswer answer) {
        return answer.take().map(this::taken);
    }

    private Buffer taken(OpenAiCommands.Piece piece) {
        told = true;
        after = piece.after();
        last = piece.last();
        return Buffer.buffer(piece.events());
    }

    private Future<Optional<Buffer>> read() {
        leave();
        reading = true;
        chats.add(turn.sessionId(), this);
        return bus.requestAt(place, new OpenAiCommands.Read(asker, turn.run(), after, chats.position()))
                .map(piece -> {
                    reading = false;
                    Buffer events = taken(piece);
                    if (piece.live().isPresent() && !closed) {
                        goOn(piece.live().get());
                    } else {
                        leave();
                    }
                    early.clear();
                    return Optional.of(events).filter(some -> some.length() > 0);
                })
                .onFailure(failure -> leave());
    }

    private void goOn(OpenAiCommands.Live state) {
        LiveAnswer answer = new LiveAnswer(state, after);
        early.forEach(answer::hear);
        if (goneEarly) {
            answer.gone();
        }
        live = Optional.of(answer);
        silence = scheduler.every(SILENCE, this::breakSilence);
    }

    private void breakSilence() {
        if (!told && awaited.isPresent()) {
            give(Optional.of(COMMENT));
        }
        told = false;
    }

    /** Is told nothing any more. */
    private void leave() {
        reading = false;
        live = Optional.empty();
        early.clear();
        silence.cancel();
        chats.remove(turn.sessionId(), this);
    }
}
