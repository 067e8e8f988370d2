package dev.fairlead.gateway.edge.chat;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.chat.ChatCommands;
import dev.fairlead.gateway.chat.ChatDelivery;
import dev.fairlead.gateway.chat.turn.Given;
import dev.fairlead.gateway.edge.socket.Connection;
import dev.fairlead.gateway.edge.socket.Outbox;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.CloseCode;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.StreamControl;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * One client of a chat. It is told its session first; one that its query names is shown what happens there at once, any
 * other waits for a first frame, or for a while. The first frame may choose another session, and a {@code connect} has
 * the turn that runs told from its beginning. What it sends is taken one by one, each when the one before was taken in.
 * Used on its edge's event loop only.
 */
final class ChatSocket implements Connection.Listener, ChatViewer {
    private enum State {
        OPENING,
        /** Told its session; what happens there waits for its first frame. */
        GREETED,
        JOINING,
        LIVE,
        ENDED
    }

    /** How often it is looked whether a client has taken what it was sent. */
    private static final Duration DRAIN = Duration.ofMillis(20);

    private final ChatSockets sockets;
    private final Connection connection;
    private final String address;
    private final String owner;
    private final ChatSockets.Wanted wanted;
    private final ArrayDeque<byte[]> unread = new ArrayDeque<>(); // what was in flight when reading paused
    private final ArrayDeque<ChatDelivery.Frames> early = new ArrayDeque<>(); // bounded by one read of the store
    private State state = State.OPENING;
    private Scheduler.Cancellable greeting = () -> {};
    private String sessionId = "";
    private long position;
    private boolean behind; // what happens now is in a part that is read later
    private boolean busy;
    private boolean spoken; // its first frame, which alone may choose the session, is over

    ChatSocket(ChatSockets sockets, Connection connection, String address, String owner, ChatSockets.Wanted wanted) {
        this.sockets = sockets;
        this.connection = connection;
        this.address = address;
        this.owner = owner;
        this.wanted = wanted;
        connection.closeIfSlow(true);
    }

    void start() {
        connection.listen(this);
        await(open(wanted.sessionId()).compose(told -> {
            if (state == State.GREETED && wanted.sessionId().isPresent()) {
                return join(); // somebody's turn may run there, and end before a first frame comes
            }
            if (state == State.GREETED) {
                greeting = sockets.scheduler().after(ChatSockets.GREETING, this::hearFirst);
            }
            return Future.succeededFuture();
        }));
    }

    @Override
    public void onText(byte[] message) {
        if (state == State.ENDED) {
            return;
        }
        if (busy) {
            unread.addLast(message);
            return;
        }
        ChatCommand command;
        try {
            command = ChatInput.read(message);
        } catch (FairleadException refusal) {
            spoken = true;
            refused(refusal);
            hearFirst();
            return;
        }
        if (command instanceof ChatCommand.Ping) {
            spoken = true;
            send(new ChatFrame.Pong());
            hearFirst();
        } else {
            await(handle(command));
        }
    }

    @Override
    public void onClosed() {
        state = State.ENDED;
        greeting.cancel();
        unread.clear();
        early.clear();
        sockets.remove(sessionId, this);
    }

    @Override
    public void take(ChatDelivery.Frames frames) {
        if (state == State.JOINING && !behind) {
            early.addLast(frames);
        } else if (state == State.LIVE && frames.position() > position) {
            position = frames.position();
            if (!frames.except().equals(sockets.origin(connection))) {
                deliver(frames.frames());
            }
        }
    }

    /** Left out where the client is behind. */
    @Override
    public void pass(EncodedFrames frame) {
        if (state == State.LIVE && !connection.outbox().isStalled()) {
            connection.send(frame);
        }
    }

    @Override
    public void gone() {
        connection.close(CloseCode.NORMAL, "the session was deleted");
    }

    private Future<?> handle(ChatCommand command) {
        boolean first = !spoken;
        spoken = true;
        if (command instanceof ChatCommand.Connect connect) {
            return connect(connect, first);
        }
        Future<?> joined = state == State.GREETED ? join() : Future.succeededFuture();
        if (command instanceof ChatCommand.Message message) {
            return joined.compose(ignored -> sockets.ask(new ChatCommands.Say(
                    sessionId,
                    wanted.name(),
                    wanted.agent(),
                    owner,
                    address,
                    message.content(),
                    message.pageContext(),
                    message.idempotencyKey(),
                    sockets.origin(connection),
                    wanted.takesAlong(),
                    Given.NOTHING)));
        } else if (command instanceof ChatCommand.Abort) {
            return joined.compose(ignored -> abort());
        } else if (command instanceof ChatCommand.Approve approve) {
            return joined.compose(ignored -> decide(approve.id(), true));
        } else if (command instanceof ChatCommand.Deny deny) {
            return joined.compose(ignored -> decide(deny.id(), false));
        }
        return joined;
    }

    private Future<?> connect(ChatCommand.Connect connect, boolean first) {
        boolean another = connect.sessionId()
                .filter(id -> !id.isEmpty() && !id.equals(sessionId))
                .isPresent();
        if (another && !first) {
            throw new FairleadException(
                    ErrorCode.CHAT_UNKNOWN_MESSAGE_TYPE,
                    "Only a socket's first frame can choose the session; open another socket for another one");
        }
        Future<?> opened = another ? reopen(connect.sessionId()) : Future.succeededFuture();
        return opened.compose(ignored -> {
            send(ChatFrame.Connected.established());
            return first && state != State.ENDED ? join() : Future.succeededFuture();
        });
    }

    private Future<?> reopen(Optional<String> id) {
        sockets.remove(sessionId, this);
        early.clear();
        position = 0;
        state = State.OPENING;
        return open(id);
    }

    /** Looks the session up and tells it. */
    private Future<?> open(Optional<String> id) {
        return sockets.ask(new ChatCommands.Open(id, wanted.name(), wanted.agent(), owner))
                .transform(done -> {
                    if (state == State.ENDED || connection.isClosing()) {
                        return Future.succeededFuture();
                    }
                    if (done.failed()) {
                        end(Bus.refusal(done.cause()));
                        return Future.succeededFuture();
                    }
                    opened(done.result());
                    return Future.succeededFuture();
                });
    }

    private void opened(ChatCommands.Opened session) {
        sessionId = session.sessionId();
        send(new ChatFrame.SessionStart(sessionId, session.name(), session.resumed(), session.messageCount()));
        if (session.problem().isPresent()) {
            send(ChatFrame.Failure.of(
                    ErrorCode.CHAT_AGENT_INIT_FAILED, session.problem().get()));
            connection.close(CloseCode.CHAT_AGENT_FAILED, "the agent failed to start");
        } else if (state == State.OPENING) {
            state = State.GREETED;
        }
    }

    /** The first frame has been heard, or is not to be waited for: it is shown what happens. */
    private void hearFirst() {
        if (state == State.GREETED) {
            await(join());
        }
    }

    private Future<?> join() {
        greeting.cancel();
        state = State.JOINING;
        sockets.add(sessionId, this);
        return join(wanted.after());
    }

    private Future<?> join(Optional<Long> after) {
        return sockets.ask(new ChatCommands.Attach(sessionId, after)).transform(done -> {
            if (state != State.JOINING || connection.isClosing()) {
                return Future.succeededFuture();
            }
            if (done.failed()) {
                end(Bus.refusal(done.cause()));
                return Future.succeededFuture();
            }
            position = done.result().position();
            if (done.result().replay().count() > 0) {
                deliver(done.result().replay());
            }
            if (done.result().more().isPresent()) {
                behind = true;
                early.clear();
                return drained().compose(ignored -> {
                    behind = false;
                    return join(done.result().more());
                });
            }
            state = State.LIVE;
            while (!early.isEmpty() && state == State.LIVE) {
                take(early.removeFirst());
            }
            return Future.succeededFuture();
        });
    }

    /** When the client has taken what it was sent. */
    private Future<Void> drained() {
        Promise<Void> taken = Promise.promise();
        awaitDrain(taken);
        return taken.future();
    }

    private void awaitDrain(Promise<Void> taken) {
        if (state == State.ENDED
                || connection.isClosing()
                || !connection.outbox().isStalled()) {
            taken.complete();
        } else {
            sockets.scheduler().after(DRAIN, () -> awaitDrain(taken));
        }
    }

    private Future<?> abort() {
        return sockets.ask(new ChatCommands.Abort(sessionId, owner, address))
                .map(ChatCommands.Aborted::turnId)
                .recover(cause -> Bus.refusal(cause).code() == ErrorCode.SESSION_NOT_FOUND
                        ? Future.succeededFuture(Optional.empty()) // nothing was ever said in it
                        : Future.failedFuture(cause))
                .onSuccess(turn -> {
                    if (turn.isEmpty()) {
                        send(new ChatFrame.Aborted("")); // it asked to end what had ended already
                    }
                });
    }

    private Future<?> decide(String callId, boolean approve) {
        return sockets.ask(new ChatCommands.Decide(sessionId, callId, approve, owner, address));
    }

    /** Nothing more is read until this is done. */
    private void await(Future<?> work) {
        busy = true;
        connection.pause();
        work.onComplete(done -> {
            busy = false;
            if (done.failed()) {
                refused(Bus.refusal(done.cause()));
            }
            while (!busy && !unread.isEmpty()) {
                onText(unread.removeFirst());
            }
            if (!busy && state != State.ENDED) {
                connection.resume();
            }
        });
    }

    /** Tells what was wrong; the socket stays open. What is no code of the chat's own is an agent's error here. */
    private void refused(FairleadException refusal) {
        boolean ofChat = Character.isUpperCase(refusal.code().wire().charAt(0));
        send(ChatFrame.Failure.of(ofChat ? refusal.code() : ErrorCode.CHAT_AGENT_ERROR, refusal.getMessage()));
    }

    /** Without a session there is nothing to stay open for. */
    private void end(FairleadException refusal) {
        connection.send(FrameCodec.encode(StreamControl.Failure.of(refusal)));
        connection.close(refusal.code().closeCode(), refusal.getMessage());
    }

    private void deliver(EncodedFrames frames) {
        if (connection.send(frames) == Outbox.Offer.FULL) {
            connection.close(CloseCode.INVALID_FRAME, "slow_consumer"); // it reconnects, and is told the turn so far
        }
    }

    private void send(ChatFrame frame) {
        connection.send(FrameCodec.encode(frame));
    }
}
