package dev.fairlead.gateway.faces.acp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One end of a connection, whichever: numbers what it asks from 0, finds the question to an answer, echoes ids as they
 * came. What is heard is handled in order, each line to its end before the next, so that all that was told before an
 * answer has been handled when the answer is. Confined to one thread.
 */
final class AcpPeer {
    static final int METHOD_NOT_FOUND = -32_601;
    static final int INVALID_PARAMS = -32_602;
    static final int INTERNAL = -32_603;
    static final int AUTH_REQUIRED = -32_000;
    static final int NOT_FOUND = -32_002;

    /** Questions of the other end that wait for an answer at a time: far more than one that waits for people has. */
    static final int MOST_OPEN = 256;

    /** What came of a question. */
    sealed interface Answer {
        record Result(JsonNode value) implements Answer {}

        /**
         * It was refused, or the other end is gone.
         *
         * @param code empty where there was no answer at all
         */
        record Refused(Optional<Integer> code, String message) implements Answer {}
    }

    /** Where the answer to a question of the other end goes; only the first counts. */
    interface Reply {
        void result(JsonNode value);

        void refuse(int code, String message);
    }

    /** What this end does with what it hears. */
    interface Handler {
        /**
         * A question.
         *
         * @return whether it knows the method; where not, that is the answer
         */
        boolean asked(String method, JsonNode params, Reply reply);

        /** News that wait for no answer; unknown ones are passed over. */
        void told(String method, JsonNode params);
    }

    private final Handler handler;
    private final Consumer<byte[]> out;
    private final Map<Long, Consumer<Answer>> pending = new HashMap<>();
    private long next;
    private int open;

    AcpPeer(Handler handler, Consumer<byte[]> out) {
        this.handler = handler;
        this.out = out;
    }

    /**
     * Asks.
     *
     * @return the question's number, for {@link #forget}
     */
    long ask(String method, JsonNode params, Consumer<Answer> then) {
        long number = next++;
        pending.put(number, then);
        out.accept(AcpCodec.write(new AcpMessage.Request(JsonNodeFactory.instance.numberNode(number), method, params)));
        return number;
    }

    /** Its answer is waited for no longer. */
    void forget(long number) {
        pending.remove(number);
    }

    void tell(String method, JsonNode params) {
        out.accept(AcpCodec.write(new AcpMessage.Notification(method, params)));
    }

    /** Handles one line; answers whether it was a message. */
    boolean heard(String line) {
        Optional<AcpMessage> message = AcpCodec.read(line);
        message.ifPresent(this::handle);
        return message.isPresent();
    }

    /** The other end is gone. */
    void gone(String why) {
        List<Consumer<Answer>> over = List.copyOf(pending.values());
        pending.clear();
        over.forEach(then -> then.accept(new Answer.Refused(Optional.empty(), why)));
    }

    private void handle(AcpMessage message) {
        if (message instanceof AcpMessage.Request request) {
            asked(request);
        } else if (message instanceof AcpMessage.Notification news) {
            handler.told(news.method(), news.params());
        } else if (message instanceof AcpMessage.Result result) {
            answered(result.id(), new Answer.Result(result.result()));
        } else if (message instanceof AcpMessage.Failure failure) {
            answered(failure.id(), new Answer.Refused(Optional.of(failure.code()), failure.message()));
        }
    }

    private void answered(JsonNode id, Answer answer) {
        if (id.isIntegralNumber() && id.canConvertToLong()) {
            Optional.ofNullable(pending.remove(id.longValue())).ifPresent(then -> then.accept(answer));
        }
    }

    private void asked(AcpMessage.Request request) {
        OneReply reply = new OneReply(request.id());
        open++;
        if (open > MOST_OPEN) {
            reply.refuse(INTERNAL, MOST_OPEN + " requests wait for an answer already");
        } else if (!handler.asked(request.method(), request.params(), reply)) {
            reply.refuse(METHOD_NOT_FOUND, "Method not found: " + request.method());
        }
    }

    private final class OneReply implements Reply {
        private final JsonNode id;
        private boolean given;

        OneReply(JsonNode id) {
            this.id = id;
        }

        @Override
        public void result(JsonNode value) {
            give(new AcpMessage.Result(id, value));
        }

        @Override
        public void refuse(int code, String message) {
            give(new AcpMessage.Failure(id, code, message, MissingNode.getInstance()));
        }

        private void give(AcpMessage answer) {
            if (!given) {
                given = true;
                open--;
                out.accept(AcpCodec.write(answer));
            }
        }
    }
}
