package dev.fairlead.gateway.edge.socket;

import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.WebSocketFrames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One WebSocket of the gateway, whatever is spoken on it: whole text messages in, encoded frames out through the
 * bounded outbox, liveness, end of the session's token, orderly close. Used on the event loop that accepted it only.
 */
public final class Connection {
    /** What is spoken on a connection. */
    public interface Listener {
        /** A whole message, valid UTF-8, within the limits. */
        void onText(byte[] message);

        /** Sent once, however the connection ended. */
        void onClosed();
    }

    private static final ByteBuf PING = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer(2).writeByte(0x89).writeByte(0)); // RFC 6455 5.5.2: FIN, opcode 9, empty

    /** What the buffers of both systems may hold: who sends more goes on after it was told that this is the end. */
    private static final long MOST_DISCARDED = 16L << 20;

    private final long id;
    private final ServerWebSocket socket;
    private final ConnectionOptions options;
    private final RawSocket raw;
    private final Outbox outbox;
    private final Connections owner;
    private final FrameRate pieces;
    private Listener listener;
    private Runnable onGone = () -> {};
    private OptionalLong sessionEnds = OptionalLong.empty(); // nanoseconds of the monotonic clock
    private Optional<String> login = Optional.empty();
    private long lastHeard;
    private long nextPing;
    private long closingSince;
    private long discarded; // bytes of payload that came after the close frame was sent
    private boolean closing;
    private boolean dropSlow;

    Connection(long id, ServerWebSocket socket, ConnectionOptions options, Connections owner) {
        this.id = id;
        this.socket = socket;
        this.options = options;
        this.owner = owner;
        this.raw = new RawSocket(socket, new Wire());
        this.outbox = new Outbox(
                raw,
                owner.flusher(),
                options.limits().bufferEvents(),
                options.limits().bufferBytes().bytes());
        this.lastHeard = owner.now();
        this.pieces = new FrameRate(options.piecesPerSecond(), lastHeard);
        this.nextPing = lastHeard + options.serverPing().toNanos();
    }

    /** Starts hearing; until then nothing is read from the network. */
    public void listen(Listener newListener) {
        this.listener = newListener;
        FrameAssembler assembler =
                new FrameAssembler((int) options.limits().maxMessage().bytes(), this::heardText, this::close);
        socket.exceptionHandler(ignored -> {}); // the close handler follows; nothing to add
        socket.pongHandler(ignored -> lastHeard = owner.now());
        socket.frameHandler(frame -> {
            lastHeard = owner.now();
            if (!closing) {
                assembler.accept(frame);
            } else {
                discard(frame);
            }
        });
        socket.closeHandler(ignored -> closed());
        socket.resume();
    }

    /** Called once when the connection is gone, after the listener was told. */
    public void onGone(Runnable handler) {
        this.onGone = handler;
    }

    /** Stops reading from the network while the connection is open; at most what is in flight already still arrives. */
    public void pause() {
        if (!closing) {
            socket.pause();
        }
    }

    /**
     * When the last frame came, in nanoseconds of the monotonic clock: to ask the clock again costs more than it says.
     */
    public long heardAt() {
        return lastHeard;
    }

    public void resume() {
        socket.resume();
    }

    public long id() {
        return id;
    }

    public Outbox outbox() {
        return outbox;
    }

    public ConnectionOptions options() {
        return options;
    }

    public boolean isClosing() {
        return closing;
    }

    /**
     * How long the token that opened this session lasts; the connection is closed then, whatever the wall clock does.
     */
    public void sessionEndsIn(Duration life) {
        this.sessionEnds = OptionalLong.of(owner.now() + life.toNanos());
    }

    /** The dashboard's session that opened this connection: when that ends, the connection is closed. */
    public void openedBy(String loginId) {
        login = Optional.of(loginId);
        owner.checkLogin(this);
    }

    Optional<String> login() {
        return login;
    }

    /** From now on a peer that takes nothing for the configured time is closed, even if it owes nothing by count. */
    public void closeIfSlow(boolean slow) {
        this.dropSlow = slow;
    }

    /** Sends one frame for this socket alone; {@code json} is one compact object in UTF-8. */
    public Outbox.Offer send(byte[] json) {
        return sendEncoded(WebSocketFrames.textFrame(json), 1);
    }

    /** Sends frames that are encoded already. */
    public Outbox.Offer send(EncodedFrames frames) {
        return sendEncoded(frames.bytes(), frames.count());
    }

    /** Sends whole frames, headers included, that nobody writes to any more. */
    public Outbox.Offer sendEncoded(byte[] frames, int count) {
        owner.traffic().sent(count, frames.length);
        return outbox.offer(Unpooled.wrappedBuffer(frames), count);
    }

    /** Sends bytes shared with other sockets; takes over one reference. */
    public Outbox.Offer sendShared(ByteBuf bytes, int frames) {
        owner.traffic().sent(frames, bytes.readableBytes());
        return outbox.offer(bytes, frames);
    }

    public void close(CloseCode code, String reason) {
        close(code.code(), reason);
    }

    /**
     * Sends what waits, as far as the network takes it, then the close frame; later frames in either direction count no
     * more.
     */
    public void close(int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        closingSince = owner.now();
        outbox.flush();
        outbox.close();
        socket.resume(); // the peer's close frame lies behind what was not read; left unread, it makes the end a reset
        if (!socket.isClosed()) {
            socket.close((short) code, CloseCode.reason(reason));
        }
    }

    /**
     * Looks after everything that time decides.
     *
     * @param now in nanoseconds of the monotonic clock
     * @param judges whether what the peer sent and took lately has been seen
     */
    void sweep(long now, boolean judges) {
        if (closing) {
            if (now - closingSince > options.closeTimeout().toNanos()) {
                raw.abort();
            }
            return;
        }
        if (sessionEnds.isPresent() && now - sessionEnds.getAsLong() > 0) {
            close(CloseCode.UNAUTHORIZED, "the token has expired; log in again");
        } else if (judges && now - lastHeard > options.limits().idleTimeout().toNanos()) {
            close(
                    CloseCode.GOING_AWAY,
                    "nothing was heard for " + options.limits().idleTimeout().toSeconds() + " s");
        } else if (judges
                && dropSlow
                && outbox.stalledFor(now) > options.limits().slowCloseAfter().toNanos()) {
            close(CloseCode.INVALID_FRAME, "slow_consumer");
        } else if (!options.serverPing().isZero() && now >= nextPing) {
            nextPing = now + options.serverPing().toNanos();
            if (raw.writable()) {
                raw.write(PING.duplicate());
                raw.flush();
            }
        }
    }

    private void discard(WebSocketFrame frame) {
        discarded += frame.binaryData().length();
        if (discarded > MOST_DISCARDED) {
            raw.abort();
        }
    }

    private void heardText(byte[] message) {
        owner.traffic().received(message.length);
        listener.onText(message);
    }

    private final class Wire implements RawSocket.Listener {
        @Override
        public void writable() {
            outbox.flush();
        }

        @Override
        public boolean admitsPiece() {
            if (!closing && !pieces.take(owner.now())) {
                close(
                        CloseCode.TOO_MANY,
                        "more than " + options.piecesPerSecond()
                                + " pings, pongs and fragments a second; agents.max_rate bounds them");
            }
            return !closing;
        }

        @Override
        public void violation(int closeCode, String reason) {
            boolean tooBig = closeCode == CloseCode.TOO_BIG.code();
            close(
                    closeCode,
                    tooBig
                            ? "a frame is at most "
                                    + options.limits().maxFrame().bytes() + " bytes; ws.max_frame bounds it"
                            : reason);
        }
    }

    private void closed() {
        closing = true;
        outbox.close();
        owner.remove(this);
        listener.onClosed();
        onGone.run();
    }
}
