package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Requests to one concern that are made thousands of times a second: those of one turn of the event loop leave in one
 * bus message, in their order, and what the concern answers in one turn of its own comes back in one. None has a reply
 * address or a timer of its own. What another node answers goes to that one as by {@link Bus#request}. Made and used on
 * one context; it ends with the verticle of that.
 */
public final class Pipeline {
    /** Requests of a turn, from the one who is answered at {@code replyTo}. */
    record Requests(String replyTo, List<Asked> asked) {}

    /** @param number tells it from the asker's others */
    record Asked(long number, Request<?> request) {}

    /** Answers of a turn, as they became due. */
    record Answers(List<Answered> answered) {}

    /** One of them, or why there is none. */
    record Answered(long number, Future<? extends Record> answer) {}

    private record Pending<R>(Promise<R> promise, Request<?> request, long since) {
        @SuppressWarnings("unchecked") // the request's own type says what answers it
        void complete(Object answer) {
            promise.complete((R) answer);
        }
    }

    private static final long SWEEP_MILLIS = 1_000;

    /** Sweeps that a request outlives: 30 s, as any request has. */
    static final int MOST_SWEEPS = 30;

    private final Vertx vertx;
    private final Bus bus;
    private final Context context;
    private final String replyTo;
    private final MessageProducer<Object> concern;
    private final Map<Long, Pending<?>> pending = new LinkedHashMap<>();
    private List<Asked> due = new ArrayList<>();
    private long last;
    private long sweeps;
    private boolean sweeping;

    /** @param address of who answers */
    Pipeline(Vertx vertx, Bus bus, String address) {
        this.vertx = vertx;
        this.bus = bus;
        this.context = vertx.getOrCreateContext();
        this.replyTo = address + "/" + UUID.randomUUID();
        MessageConsumer<?> unused = vertx.eventBus()
                .<Answers>localConsumer(
                        replyTo, message -> message.body().answered().forEach(this::answered));
        this.concern = vertx.eventBus().sender(address, Bus.LOCAL);
    }

    /** As {@link Bus#request(Request)}; it leaves at the end of this turn. */
    public <R extends Record, Q extends Request<R>> Future<R> request(Q request) {
        if (!bus.isHere(request)) {
            return bus.request(request);
        }
        last++;
        Promise<R> promise = Promise.promise();
        pending.put(last, new Pending<>(promise, request, sweeps));
        if (due.isEmpty()) {
            context.runOnContext(turn -> flush());
        }
        due.add(new Asked(last, request));
        if (!sweeping) {
            sweeping = true;
            sweepLater();
        }
        return promise.future();
    }

    private void flush() {
        List<Asked> leaving = due;
        due = new ArrayList<>();
        concern.write(new Requests(replyTo, leaving))
                .onFailure(nobody -> leaving.forEach(one -> fail(one.number(), Bus.refusal(nobody))));
    }

    private void answered(Answered one) {
        if (one.answer().failed()) {
            fail(one.number(), Bus.refusal(one.answer().cause()));
            return;
        }
        Pending<?> waiting = pending.remove(one.number());
        if (waiting != null) {
            waiting.complete(one.answer().result());
        }
    }

    private void fail(long number, FairleadException refusal) {
        Pending<?> waiting = pending.remove(number);
        if (waiting != null) {
            waiting.promise().fail(refusal);
        }
    }

    private void sweepLater() {
        long unused = vertx.setTimer(SWEEP_MILLIS, timer -> sweep());
    }

    /** Those that wait stand in the order in which they were asked. */
    void sweep() {
        sweeps++;
        List<Pending<?>> late = new ArrayList<>();
        Iterator<Pending<?>> oldest = pending.values().iterator();
        while (oldest.hasNext()) {
            Pending<?> waiting = oldest.next();
            if (sweeps - waiting.since() <= MOST_SWEEPS) {
                break;
            }
            oldest.remove();
            late.add(waiting);
        }
        late.forEach(waiting -> waiting.promise().fail(waiting.request().late()));
        sweeping = !pending.isEmpty();
        if (sweeping) {
            sweepLater();
        }
    }
}
