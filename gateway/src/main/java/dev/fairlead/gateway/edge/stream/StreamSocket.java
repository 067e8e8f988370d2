package dev.fairlead.gateway.edge.stream;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.edge.socket.Outbox;
import dev.fairlead.gateway.streams.StreamCommands.Subscribe;
import dev.fairlead.gateway.streams.StreamCommands.Subscribed;
import dev.fairlead.gateway.streams.StreamEvent;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamControl;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One client of a stream: asks the owner for its first frames, then takes what the fan-out hands on, in order and
 * without a gap. Where the network falls behind by more than the outbox holds, deltas are dropped, and once it has
 * drained the owner is asked for a fresh start, or for what follows where a stream can be read on. Used on its edge's
 * event loop only.
 */
final class StreamSocket implements Connection.Listener {
    private static final byte[] PONG = FrameCodec.encode(new StreamControl.Pong());

    /** Live frames that may come in while the owner is being asked; more than that, and it is asked again. */
    private static final int MAX_EARLY = 64;

    /** What a client may say before it has been told the state; one that waits for nothing is not waited for. */
    private static final int MAX_HELD_FRAMES = 16;

    private static final int MAX_HELD_BYTES = 64 * 1024;

    private enum State {
        ASKING,
        LIVE,
        LAGGING,
        ENDED
    }

    private final Connection connection;
    private final StreamEndpoint endpoint;
    private final StreamFanout fanout;
    private final ArrayDeque<StreamEvent.Frames> early = new ArrayDeque<>();
    private final ArrayDeque<byte[]> held = new ArrayDeque<>();
    private int heldBytes;
    private boolean begun; // the first frame is the state, whoever speaks first
    private Map<String, String> parameters;
    private State state = State.ASKING;
    private String view = "";
    private long position;
    private int asked; // numbers the questions: only the answer to the latest counts

    StreamSocket(Connection connection, StreamEndpoint endpoint, Map<String, String> parameters, StreamFanout fanout) {
        this.connection = connection;
        this.endpoint = endpoint;
        this.parameters = parameters;
        this.fanout = fanout;
        connection.outbox().onDrained(this::drained);
        connection.closeIfSlow(true);
    }

    void start(Optional<String> since) {
        connection.listen(this);
        ask(since, Optional.empty());
    }

    @Override
    public void onText(byte[] message) {
        if (begun) {
            hear(message);
            return;
        }
        if (connection.isClosing()) {
            return;
        }
        heldBytes += message.length;
        held.addLast(message);
        if (held.size() > MAX_HELD_FRAMES || heldBytes > MAX_HELD_BYTES) {
            held.clear();
            refuse(new FairleadException(
                    ErrorCode.TOO_MANY_REQUESTS, "Too much was sent before the stream's first frame; wait for it"));
        }
    }

    private void begin() {
        begun = true;
        for (byte[] message = held.poll(); message != null && !connection.isClosing(); message = held.poll()) {
            hear(message);
        }
        held.clear();
    }

    private void hear(byte[] message) {
        JsonNode frame;
        try {
            frame = FrameCodec.tree(message);
        } catch (FairleadException refusal) {
            invalid(refusal.getMessage());
            return;
        }
        JsonNode type = frame.get("type");
        if (!frame.isObject() || type == null || !type.isTextual()) {
            invalid("a frame is a JSON object with a string 'type'");
            return;
        }
        switch (type.textValue()) {
            case "ping" -> connection.send(PONG);
            case "pong" -> {}
            default -> clientFrame(type.textValue(), frame);
        }
    }

    @Override
    public void onClosed() {
        state = State.ENDED;
        early.clear();
        held.clear();
        fanout.remove(view, this);
    }

    long position() {
        return position;
    }

    /** A turn's frames, joined and shared by all who stand at {@code from}. */
    boolean takeShared(long from, long to, ByteBuf shared, int frames) {
        if (state != State.LIVE || position != from) {
            return false;
        }
        if (frames == 0) { // the filter let nothing pass
            position = to;
        } else if (isConflated()) {
            state = State.LAGGING;
        } else {
            deliver(to, connection.sendShared(shared.retainedDuplicate(), frames));
        }
        return true;
    }

    /** Frames one batch at a time, for a socket that does not stand where the others do. */
    void take(StreamEvent.Frames frames) {
        switch (state) {
            case ASKING -> {
                early.addLast(frames);
                if (early.size() > MAX_EARLY) {
                    early.removeFirst(); // leaves a gap, which is noticed when they are played back
                }
            }
            case LIVE -> {
                if (frames.from() == position) {
                    takeNext(frames);
                } else if (frames.to() > position) { // a gap, or begun before where this socket stands
                    ask(Optional.empty(), Optional.of(position));
                }
            }
            case LAGGING, ENDED -> {} // made up for when the outbox has drained
        }
    }

    /** What this socket watched is gone: a last word, then an orderly end. */
    void end(StreamEvent.Ended ended) {
        if (ended.last().count() > 0) {
            connection.send(ended.last());
        }
        connection.close(CloseCode.NORMAL, "nothing more will come");
    }

    private void takeNext(StreamEvent.Frames frames) {
        if (frames.frames().count() == 0) {
            position = frames.to();
        } else if (isConflated()) {
            state = State.LAGGING;
        } else {
            deliver(frames.to(), connection.send(frames.frames()));
        }
    }

    /** Whether it is better served by the state anew than by what it would have to wait for. */
    private boolean isConflated() {
        return endpoint.lag() == StreamEndpoint.Lag.CONFLATED
                && connection.outbox().isStalled();
    }

    private void deliver(long to, Outbox.Offer offer) {
        if (offer == Outbox.Offer.ACCEPTED) {
            position = to;
        } else {
            if (endpoint.lag() != StreamEndpoint.Lag.READ_ON) {
                connection.outbox().dropWaiting();
            }
            state = State.LAGGING;
        }
    }

    private void drained() {
        if (state == State.LAGGING) {
            ask(Optional.empty(), Optional.of(position));
        }
    }

    private void ask(Optional<String> since, Optional<Long> lag) {
        state = State.ASKING;
        early.clear();
        int number = ++asked;
        fanout.subscribe(endpoint.stream(), new Subscribe(parameters, since, lag))
                .onComplete(answer -> {
                    if (number != asked || connection.isClosing()) {
                        return;
                    }
                    if (answer.succeeded()) {
                        subscribed(answer.result());
                        if (!begun) {
                            begin();
                        }
                    } else {
                        refuse(Bus.refusal(answer.cause()));
                    }
                });
    }

    private void subscribed(Subscribed first) {
        if (!first.view().equals(view)) {
            fanout.remove(view, this);
            view = first.view();
            fanout.add(view, this);
        }
        state = State.LIVE;
        position = first.position();
        if (first.frames().count() > 0 && connection.send(first.frames()) != Outbox.Offer.ACCEPTED) {
            state = State.LAGGING;
            return;
        }
        if (first.more()) {
            readOn();
            return;
        }
        for (StreamEvent.Frames frames = early.poll(); frames != null && state == State.LIVE; frames = early.poll()) {
            if (frames.view().equals(view)) {
                take(frames);
            }
        }
    }

    /** Asks for the next stretch, at once or, where the network is behind, when it has caught up. */
    private void readOn() {
        if (connection.outbox().isStalled()) {
            state = State.LAGGING;
        } else {
            ask(Optional.empty(), Optional.of(position));
        }
    }

    private void clientFrame(String type, JsonNode frame) {
        try {
            Optional<Map<String, String>> changed = endpoint.parametersAfter(type, frame, parameters);
            if (changed.isEmpty()) {
                connection.send(error(new FairleadException(
                        ErrorCode.UNKNOWN_TYPE, "This stream knows no frame of type '" + type + "'")));
                return;
            }
            parameters = new HashMap<>(changed.get());
            ask(Optional.empty(), Optional.empty());
        } catch (FairleadException refusal) {
            connection.send(error(refusal));
        }
    }

    private void invalid(String why) {
        connection.send(error(new FairleadException(ErrorCode.INVALID_FRAME, why)));
        connection.close(CloseCode.INVALID_FRAME, why);
    }

    private void refuse(FairleadException refusal) {
        connection.send(error(refusal));
        connection.close(refusal.code().closeCode(), refusal.getMessage());
    }

    private static byte[] error(FairleadException refusal) {
        return FrameCodec.encode(StreamControl.Failure.of(refusal));
    }
}
