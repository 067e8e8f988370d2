package dev.fairlead.gateway.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.ChatCommand;
import dev.fairlead.protocol.ChatCommand.Abort;
import dev.fairlead.protocol.ChatCommand.Approve;
import dev.fairlead.protocol.ChatCommand.Deny;
import dev.fairlead.protocol.ChatCommand.Message;
import dev.fairlead.protocol.ChatCommand.Ping;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Who says what when: a line typed is a message as soon as the one before it is answered, or the answer to a call that
 * waits for a person. What became of a message is told by the end of its turn or, where that was missed or cannot be
 * told apart from the end of another's, by what the gateway keeps ({@link ChatLook}). Plain state.
 */
final class ChatDialogue {
    /** The way to the gateway. What is sent while there is no connection is lost. */
    interface Gateway {
        void send(ChatCommand command);

        /**
         * Reads what is kept of the session.
         *
         * @param key of a message it must go back to, where it is kept
         * @param then is given the messages, oldest first; nothing, after a while, where they cannot be read
         */
        void read(Optional<String> key, Consumer<Optional<List<JsonNode>>> then);

        /** All is said. */
        void leave(ExitStatus status);
    }

    private final Gateway gateway;
    private final ChatOutput output;
    private final Runnable consumed;
    private final Deque<String> typed = new ArrayDeque<>(); // bounded by who reads
    private final ChatApprovals approvals = new ChatApprovals();
    private Optional<Message> asked = Optional.empty();
    private Optional<ChatLook> look = Optional.empty();
    private ExitStatus outcome = ExitStatus.OK; // of the last message
    private boolean inputEnded;
    private boolean live;
    private boolean aborting;
    private boolean company; // others speak in this session: an end may be that of their turn
    private int pings;

    /**
     * A conversation that has not begun.
     *
     * @param consumed told of each line that is held no more
     */
    ChatDialogue(Gateway gateway, ChatOutput output, Runnable consumed) {
        this.gateway = gateway;
        this.output = output;
        this.consumed = consumed;
    }

    /**
     * A connection stands. What happens in the session is told on it from the beginning of the turn that runs.
     *
     * @param resumed whether something was said in the session before
     */
    void connected(boolean resumed) {
        live = true;
        aborting = false;
        pings = 0;
        approvals.clear();
        output.joined();
        if (resumed || asked.isPresent()) {
            begin(true);
        } else {
            next();
        }
    }

    /** The connection is gone. */
    void lost() {
        live = false;
        look = Optional.empty();
    }

    /** The gateway gave up the connection over the message that was sent last. */
    void refused() {
        asked = Optional.empty();
        outcome = ExitStatus.FAILED;
    }

    void typed(String line) {
        typed.addLast(line);
        next();
    }

    void inputEnded() {
        inputEnded = true;
        next();
    }

    /** Ctrl-C: ends the turn, or, where none of ours runs, the conversation. */
    void interrupted() {
        if (asked.isPresent() && live && !aborting) {
            aborting = true;
            gateway.send(new Abort());
        } else {
            if (asked.isPresent()) {
                output.note("the turn goes on without you");
            }
            gateway.leave(ExitStatus.OK);
        }
    }

    /** Keeps the connection alive. */
    void ping() {
        if (live) {
            pings++;
            gateway.send(new Ping());
        }
    }

    void heard(JsonNode frame) {
        String type = frame.path("type").asText();
        if (type.equals("pong")) {
            if (--pings == 0) {
                look.filter(one -> !one.isReading()).ifPresent(this::told);
            }
            return;
        }
        if (type.equals("aborted")) {
            aborting = false; // whatever it was that ended, it is the answer
        }
        if (look.isPresent()) {
            look.get().heard(frame);
        } else {
            take(frame);
        }
    }

    /** Finds out what became of our message. */
    private void begin(boolean afterReconnect) {
        look = Optional.of(new ChatLook(asked.map(ChatDialogue::key), afterReconnect));
        ping(); // once this is answered, what was sent before has been taken in
    }

    /** All that was told up to a moment ago has been heard. */
    private void told(ChatLook now) {
        if (now.isSure()) {
            look = Optional.empty();
            caughtUp(now);
            return;
        }
        now.reading();
        gateway.read(asked.map(ChatDialogue::key), messages -> {
            if (look.filter(one -> one == now).isPresent()) { // else the connection was lost meanwhile
                now.read(messages);
                ping();
            }
        });
    }

    private void caughtUp(ChatLook now) {
        company |= now.company();
        now.before().forEach(output::show);
        if (asked.isPresent()) {
            ChatLook.Fate fate = now.fate();
            if (fate == ChatLook.Fate.UNKNOWN && now.afterReconnect()) {
                gateway.send(asked.get());
            } else if (fate != ChatLook.Fate.UNDER_WAY) {
                now.missed().forEach(output::show);
                output.turnEnded();
                outcome = now.hasFailed() ? ExitStatus.FAILED : ExitStatus.OK;
                asked = Optional.empty();
            }
        }
        for (JsonNode frame : now.since()) {
            output.show(frame);
            approvals.hear(frame, now.isOurs(frame.path("id").asText()));
        }
        now.decided().forEach(approvals::settled);
        output.caughtUp();
        approvals.all().forEach(output::ask);
        next();
    }

    private void take(JsonNode frame) {
        output.show(frame);
        switch (frame.path("type").asText()) {
            case "tool_call", "tool_result" -> {
                approvals.hear(frame, asked.isPresent() && !company);
                if (frame.has("approval")) {
                    output.ask(frame);
                }
                next();
            }
            case "agent_event" -> company |= frame.at("/event/type").asText().equals("user_message");
            case "done", "aborted" -> ended(company);
            case "error" -> ended(true); // or it refuses something else
            default -> {}
        }
    }

    private void ended(boolean doubtful) {
        if (asked.isPresent() && doubtful) {
            begin(false);
            return;
        }
        output.turnEnded();
        if (asked.isPresent()) {
            asked = Optional.empty();
            outcome = ExitStatus.OK;
        }
        next();
    }

    private void next() {
        if (!live || look.isPresent() || aborting) {
            return;
        }
        while (decide()) {}
        if (asked.isPresent()) {
            return;
        }
        if (!typed.isEmpty()) {
            // With a key, so that it can be sent again after a lost connection and still counts once.
            String key = UUID.randomUUID().toString();
            asked = Optional.of(new Message(consume(), Optional.empty(), Optional.of(key)));
            gateway.send(asked.get());
        } else if (inputEnded) {
            gateway.leave(outcome);
        }
    }

    /** Decides on the call that waits longest by what is typed; false where nothing is that decides. */
    private boolean decide() {
        Optional<String> call = approvals.first();
        if (call.isEmpty()) {
            return false;
        }
        String line = typed.isEmpty() ? "" : typed.peekFirst().toLowerCase(Locale.ROOT);
        boolean yes = line.equals("y") || line.equals("yes");
        if (yes || line.equals("n") || line.equals("no")) {
            consume();
        } else if (!approvals.isOurs(call.get()) || (typed.isEmpty() && !inputEnded)) {
            return false; // it can wait: for somebody else, or for what is still to be typed
        } else {
            output.note(typed.isEmpty() ? "nobody is there to say y: denied" : "that is neither y nor n: denied");
        }
        approvals.settled(call.get());
        gateway.send(yes ? new Approve(call.get()) : new Deny(call.get()));
        return true;
    }

    private String consume() {
        consumed.run();
        return typed.removeFirst();
    }

    private static String key(Message message) {
        return message.idempotencyKey().orElseThrow();
    }
}
