package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.streams.StreamDefinition;
import dev.fairlead.gateway.streams.StreamView;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.MessagesFrame;
import dev.fairlead.protocol.Names;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the stream of messages shows: the last hundred events that match, out of the latest ten thousand. */
final class RecentMessages implements StreamDefinition<MessageEvent> {
    /** Events of a snapshot at most. */
    static final int SHOWN = 100;

    /** Events kept to look for matching ones in. */
    static final int KEPT = 10_000;

    private final ArrayDeque<MessageEvent> latest = new ArrayDeque<>();

    void add(MessageEvent event) {
        latest.addLast(event);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    @Override
    public StreamView<MessageEvent> view(Map<String, String> parameters) {
        Optional<String> instance = given(parameters, "instance");
        instance.ifPresent(name -> Names.require("Parameter 'instance'", name));
        Optional<String> correlationId = given(parameters, "correlation_id");
        if (correlationId.filter(id -> id.length() > NewMessage.MAX_TEXT).isPresent()) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST,
                    "Parameter 'correlation_id' has " + NewMessage.MAX_TEXT + " characters at most");
        }
        return new Filtered(instance, correlationId);
    }

    private static Optional<String> given(Map<String, String> parameters, String name) {
        return Optional.ofNullable(parameters.get(name)).filter(text -> !text.isEmpty());
    }

    private final class Filtered implements StreamView<MessageEvent> {
        private final Optional<String> instance;
        private final Optional<String> correlationId;

        Filtered(Optional<String> instance, Optional<String> correlationId) {
            this.instance = instance;
            this.correlationId = correlationId;
        }

        @Override
        public String key() {
            // A name holds no space, so that no two filters share a key.
            return instance.isEmpty() && correlationId.isEmpty()
                    ? ""
                    : instance.orElse("")
                            + ' '
                            + correlationId.map(id -> "=" + id).orElse("");
        }

        @Override
        public boolean isTimeless() {
            return key().isEmpty();
        }

        @Override
        public byte[] snapshot() {
            List<MessageEvent> shown = new ArrayList<>();
            Iterator<MessageEvent> newestFirst = latest.descendingIterator();
            while (newestFirst.hasNext() && shown.size() < SHOWN) {
                MessageEvent event = newestFirst.next();
                if (matches(event)) {
                    shown.add(event);
                }
            }
            Collections.reverse(shown);
            return FrameCodec.encode(new MessagesFrame.Snapshot(shown));
        }

        @Override
        public Optional<byte[]> delta(MessageEvent event) {
            return matches(event)
                    ? Optional.of(FrameCodec.encode(new MessagesFrame.Happened(event)))
                    : Optional.empty();
        }

        private boolean matches(MessageEvent event) {
            return instance.map(name -> event.from().equals(name) || event.to().equals(name))
                            .orElse(true)
                    && correlationId
                            .map(id -> event.correlationId().filter(id::equals).isPresent())
                            .orElse(true);
        }
    }
}
