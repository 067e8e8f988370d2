package dev.fairlead.gateway.bus;

import dev.fairlead.gateway.bus.Envelope.Draft;
import dev.fairlead.gateway.bus.Envelope.Kind;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.MessageProducer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes between this node and the others. All of it is written to the one clustered address of the node it is for,
 * and given to that node's local consumers there; what it costs a cluster to know an address is paid once a node.
 *
 * <p>What a node does not take for {@link #MOST_UNWRITTEN} bytes is dropped: of news it hears that it missed some,
 * requests are refused. A request is given up {@link #SILENCE} after the last word of it; a node that works on one says
 * so until it is done.
 *
 * <p>The port of the event bus takes whatever reaches it. Of all that, only what is sealed with the fleet's key, to
 * this node in this life of it, and was not heard before is heard ({@link EnvelopeSeal}, {@link PeerRules}); the rest
 * is dropped and counted. Nothing is hidden from who can listen, and nobody who reaches the port is kept from filling
 * it: it belongs into a network of the nodes alone.
 *
 * <p>Runs on one context; may be called on any thread.
 */
final class Peers {
    private static final Logger log = LoggerFactory.getLogger(Peers.class);

    /** How long an asker waits without a word: a node that is gone answers nothing, and nothing says that it is. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    /** How often a node that works on a request says so, and each node says that it is there. */
    static final Duration PULSE = Duration.ofSeconds(1);

    /** Towards one node. */
    static final long MOST_UNWRITTEN = 32L << 20;

    private static final String ADDRESS = "fairlead.v" + Envelope.VERSION + '.';

    /** Towards one node. */
    private static final class Line {
        final MessageProducer<Buffer> producer;
        long sequence;
        long unwritten;

        Line(MessageProducer<Buffer> producer) {
            this.producer = producer;
        }
    }

    /** A request that another node is asked. */
    private final class Asked {
        final Promise<Record> answer;
        final FairleadException late;
        final long until;
        long timer;

        Asked(Promise<Record> answer, FairleadException late, long until) {
            this.answer = answer;
            this.late = late;
            this.until = until;
        }

        void await(long ticket) {
            vertx.cancelTimer(timer);
            long left = Math.min(
                    SILENCE.toMillis(), Duration.ofNanos(until - time.nanos()).toMillis());
            timer = vertx.setTimer(Math.max(1, left), id -> end(ticket, Future.failedFuture(late)));
        }
    }

    private final Vertx vertx;
    private final EventBus eventBus;
    private final Context context;
    private final Routes routes;
    private final long epoch;
    private final TimeSource time;
    private final RecordCodec records = new RecordCodec();
    private final BusFailureCodec failures = new BusFailureCodec();
    private final EnvelopeSeal seal;
    private final PeerRules rules;
    private final Refusals refusals;
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<Long, Asked> asked = new HashMap<>();
    private long tickets;
    private long pulse;
    private Optional<MessageConsumer<Buffer>> consumer = Optional.empty();

    /**
     * Hears and says nothing before {@link #open}.
     *
     * @param epoch of this node's life; higher than that of any before it
     * @param key the fleet's, for this alone
     */
    Peers(Vertx vertx, Routes routes, long epoch, byte[] key, TimeSource time, MeterRegistry metrics) {
        this.vertx = vertx;
        this.eventBus = vertx.eventBus();
        this.context = vertx.getOrCreateContext();
        this.routes = routes;
        this.epoch = epoch;
        this.time = time;
        this.seal = new EnvelopeSeal(key);
        this.rules = new PeerRules(epoch);
        this.refusals = new Refusals(metrics, time);
    }

    /** Completes when the other nodes can reach this one. */
    Future<Void> open() {
        Promise<Void> opened = Promise.promise();
        context.runOnContext(turn -> {
            MessageConsumer<Buffer> hears = eventBus.consumer(ADDRESS + routes.node(), this::heard);
            consumer = Optional.of(hears);
            pulse = vertx.setPeriodic(1, PULSE.toMillis(), id -> toOthers(Draft.PULSE));
            hears.completion().onComplete(opened);
        });
        return opened.future();
    }

    /** Is heard by nobody any more; what was asked is answered as late. */
    Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        context.runOnContext(turn -> {
            vertx.cancelTimer(pulse);
            Map.copyOf(asked).forEach((ticket, one) -> end(ticket, Future.failedFuture(one.late)));
            consumer.map(MessageConsumer::unregister)
                    .orElse(Future.succeededFuture())
                    .onComplete(closed);
        });
        return closed.future();
    }

    /** This node's view of which are there. */
    Routes routes() {
        return routes;
    }

    /** Another node that is there; empty for this one, and for all that is no node. */
    Optional<String> other(String name) {
        return !name.equals(routes.node()) && routes.nodes().contains(name) ? Optional.of(name) : Optional.empty();
    }

    /** Asks a node; the answer comes on the caller's context. */
    <R extends Record> Future<R> ask(String node, String address, Request<R> request, Duration timeout) {
        Promise<Record> answer = Promise.promise();
        Promise<R> told = Promise.promise();
        Context caller = Vertx.currentContext();
        answer.future().onComplete(done -> {
            if (caller == null) {
                complete(told, done.result(), done.cause());
            } else {
                caller.runOnContext(turn -> complete(told, done.result(), done.cause()));
            }
        });
        Buffer body = encode(request);
        context.runOnContext(turn -> {
            long ticket = ++tickets;
            Asked one = new Asked(answer, request.late(), time.nanos() + timeout.toNanos());
            asked.put(ticket, one);
            one.await(ticket);
            write(node, new Draft(Kind.REQUEST, timeout.toMillis(), ticket, address, body))
                    .onFailure(cause -> end(
                            ticket,
                            Future.failedFuture(cause instanceof FairleadException refusal ? refusal : away(node))));
        });
        return told.future();
    }

    /** Tells a node something, after all it was told before. */
    void tell(String node, String address, Event event) {
        Draft draft = new Draft(Kind.EVENT, 0, 0, address, encode(event));
        context.runOnContext(turn -> write(node, draft));
    }

    /** Tells all other nodes something. */
    void tellOthers(String address, Event event) {
        if (routes.nodes().size() > 1) {
            Draft draft = new Draft(Kind.EVENT, 0, 0, address, encode(event));
            context.runOnContext(turn -> toOthers(draft));
        }
    }

    static FairleadException away(String node) {
        return new FairleadException(
                ErrorCode.SHUTTING_DOWN,
                "The node " + node + " is away, and was asked nothing; try again once it is back",
                Duration.ofSeconds(1));
    }

    @SuppressWarnings("unchecked") // a request says the type of its answer
    private static <R extends Record> void complete(Promise<R> told, Record answer, Throwable failure) {
        if (failure == null) {
            told.complete((R) answer);
        } else {
            told.fail(failure);
        }
    }

    private void toOthers(Draft draft) {
        routes.nodes().stream().filter(node -> !node.equals(routes.node())).forEach(node -> write(node, draft));
    }

    private Future<Void> write(String node, Draft draft) {
        // Heard itself it may have been before its lease was seen; and the lease, before it said a word.
        long towards = Math.max(
                routes.life(node).orElse(Long.MIN_VALUE), rules.life(node).orElse(Long.MIN_VALUE));
        if (towards == Long.MIN_VALUE) {
            return Future.failedFuture(away(node));
        }
        Line line = lines.computeIfAbsent(node, name -> new Line(eventBus.sender(ADDRESS + name)));
        Buffer wire = seal.seal(node, draft.encode(routes.node(), epoch, towards, ++line.sequence, time.nanos()));
        if (line.unwritten + wire.length() > MOST_UNWRITTEN) {
            return Future.failedFuture(new FairleadException(
                    ErrorCode.BUSY, "The node " + node + " takes no more at the moment; try again"));
        }
        line.unwritten += wire.length();
        return line.producer
                .write(wire)
                .onComplete(done -> line.unwritten -= wire.length())
                .onFailure(cause -> log.debug("Not written to {}: {}", node, cause.getMessage()));
    }

    private void heard(Message<Buffer> message) {
        Optional<Buffer> opened = open(message);
        if (opened.isEmpty()) {
            refusals.refused(PeerRules.Refused.FORGED, "not written with the key of the fleet");
            return;
        }
        Envelope envelope;
        try {
            envelope = Envelope.decode(opened.get());
        } catch (RuntimeException e) {
            log.warn("Another node said what this one cannot read; are their versions too far apart?", e);
            return;
        }
        PeerRules.Verdict verdict = rules.judge(
                envelope.sender(),
                envelope.epoch(),
                envelope.towards(),
                envelope.sequence(),
                envelope.sent(),
                time.nanos());
        if (verdict instanceof PeerRules.Refused why) {
            refusals.refused(why, "one of node " + envelope.sender() + " that had come before");
        } else if (verdict instanceof PeerRules.Heard heard) {
            tell(envelope, heard);
            try {
                take(envelope, heard.delay());
            } catch (RuntimeException e) {
                log.error("What node {} said of {} came to nothing", envelope.sender(), envelope.address(), e);
            }
        }
    }

    /** What comes may be anything: its body is read when it is asked for, by whatever codec its sender names. */
    private Optional<Buffer> open(Message<?> message) {
        try {
            return message.body() instanceof Buffer sealed ? seal.open(routes.node(), sealed) : Optional.empty();
        } catch (RuntimeException e) {
            log.debug("What came cannot be read", e);
            return Optional.empty();
        }
    }

    private void tell(Envelope envelope, PeerRules.Heard verdict) {
        String place = Bus.address(PeerEvent.class, routes.node());
        if (verdict.begins()) {
            eventBus.publish(place, new PeerEvent.Began(envelope.sender(), envelope.epoch()), Bus.LOCAL);
        }
        if (verdict.missed() > 0) {
            log.info("{} messages of node {} were lost on the way.", verdict.missed(), envelope.sender());
            eventBus.publish(place, new PeerEvent.Missed(envelope.sender(), verdict.missed()), Bus.LOCAL);
        }
    }

    private void take(Envelope envelope, Duration delay) {
        switch (envelope.kind()) {
            case PULSE -> {}
            case EVENT -> eventBus.publish(envelope.address(), decode(envelope), Bus.LOCAL);
            case REQUEST -> answer(envelope, delay);
            case UNDER_WAY ->
                Optional.ofNullable(asked.get(envelope.ticket())).ifPresent(one -> one.await(envelope.ticket()));
            case ANSWER -> end(envelope.ticket(), Future.succeededFuture(decode(envelope)));
            case REFUSAL ->
                end(
                        envelope.ticket(),
                        Future.failedFuture(
                                failures.decodeFromWire(0, envelope.body()).toException()));
        }
    }

    /** Asks here, for another node, unless that has given up on it. */
    private void answer(Envelope envelope, Duration delay) {
        long left = envelope.patience() - delay.toMillis();
        if (left <= 0 || delay.compareTo(SILENCE) >= 0) {
            log.info(
                    "A request of node {} came {} ms late and was not begun: {}",
                    envelope.sender(),
                    delay.toMillis(),
                    envelope.address());
            return;
        }
        String asker = envelope.sender();
        long ticket = envelope.ticket();
        Draft working = new Draft(Kind.UNDER_WAY, 0, ticket, "", Buffer.buffer());
        long telling = vertx.setPeriodic(PULSE.toMillis(), id -> write(asker, working));
        var local = Bus.local(Duration.ofMillis(left));
        eventBus.<Record>request(envelope.address(), decode(envelope), local).onComplete(done -> {
            vertx.cancelTimer(telling);
            if (done.succeeded()) {
                write(
                        asker,
                        new Draft(
                                Kind.ANSWER, 0, ticket, "", encode(done.result().body())));
            } else if (!isLate(done.cause())) {
                Buffer body = Buffer.buffer();
                failures.encodeToWire(body, BusFailure.of(Bus.refusal(done.cause())));
                write(asker, new Draft(Kind.REFUSAL, 0, ticket, "", body));
            }
        });
    }

    private static boolean isLate(Throwable cause) {
        return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    private void end(long ticket, Future<Record> answer) {
        Asked one = asked.remove(ticket);
        if (one != null) {
            vertx.cancelTimer(one.timer);
            answer.onComplete(one.answer);
        }
    }

    private Buffer encode(Object message) {
        Buffer body = Buffer.buffer();
        records.encodeToWire(body, (Record) message);
        return body;
    }

    private Record decode(Envelope envelope) {
        return records.decodeFromWire(0, envelope.body());
    }
}
