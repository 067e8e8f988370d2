package dev.fairlead.protocol.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Messages on their way to the gateway: kept until it has taken each, sent again with the same key after a lost
 * connection or where it asks to come back. On the client's context only.
 */
final class MessageOutbox {
    /** Messages that wait at most. */
    static final int MAX_WAITING = 10_000;

    /** Messages sent and not answered at most. */
    static final int WINDOW = 64;

    private record Entry(long number, OutgoingMessage message, Promise<AgentData.Accepted> taken) {}

    private final Function<AgentData.Send, Future<AgentData.Accepted>> send;
    /** Calls back later, when trying again makes sense. */
    private final Consumer<Runnable> later;

    private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
    private final Set<Entry> sent = new LinkedHashSet<>();
    /** In the order in which they were given, whatever the order they failed in. */
    private final TreeMap<Long, Entry> again = new TreeMap<>();

    private long lastNumber;
    private boolean paused;

    MessageOutbox(Function<AgentData.Send, Future<AgentData.Accepted>> send, Consumer<Runnable> later) {
        this.send = send;
        this.later = later;
    }

    void add(OutgoingMessage message, Promise<AgentData.Accepted> taken) {
        if (waiting.size() + sent.size() + again.size() >= MAX_WAITING) {
            taken.fail(new FairleadException(
                    ErrorCode.BUSY, MAX_WAITING + " messages wait for the gateway already; try again later"));
            return;
        }
        waiting.addLast(new Entry(++lastNumber, message, taken));
        pump();
    }

    void failAll(FairleadException why) {
        waiting.forEach(entry -> entry.taken().tryFail(why));
        again.values().forEach(entry -> entry.taken().tryFail(why));
        sent.forEach(entry -> entry.taken().tryFail(why));
        waiting.clear();
        again.clear();
        sent.clear();
    }

    private void pump() {
        while (!paused && sent.size() < WINDOW && !waiting.isEmpty()) {
            Entry entry = waiting.removeFirst();
            sent.add(entry);
            try {
                send.apply(entry.message().data()).onComplete(done -> {
                    if (done.succeeded()) {
                        sent.remove(entry);
                        entry.taken().tryComplete(done.result());
                    } else {
                        failed(entry, done.cause());
                    }
                    resume();
                    pump();
                });
            } catch (RuntimeException e) { // a payload that cannot be written
                sent.remove(entry);
                entry.taken().tryFail(e);
            }
        }
    }

    private void failed(Entry entry, Throwable why) {
        if (!sent.remove(entry)) {
            return;
        }
        if (why instanceof FairleadException refusal && refusal.code().retryable()) {
            again.put(entry.number(), entry);
            paused = true; // what was sent with it is answered first: then all go again in their order
        } else {
            entry.taken().tryFail(why);
        }
    }

    private void resume() {
        if (paused && sent.isEmpty() && !again.isEmpty()) {
            while (!again.isEmpty()) {
                waiting.addFirst(again.pollLastEntry().getValue());
            }
            later.accept(() -> {
                paused = false;
                pump();
            });
        }
    }

    static AgentData.Accepted accepted(JsonNode answer) {
        return FrameCodec.fromTree(answer, AgentData.Accepted.class);
    }
}
