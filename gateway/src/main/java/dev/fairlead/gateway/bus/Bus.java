package dev.fairlead.gateway.bus;

import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.shareddata.Shareable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Typed messages between concerns over the Vert.x event bus; the only place that knows bus addresses. An address is the
 * package and name of the record's class; a {@code place} narrows it to one node or one of several consumers of the
 * same class. A place of a node is its name, or begins with its name and a slash: what is said there reaches it from
 * any other.
 *
 * <p>A handler that throws or fails always answers: {@link FairleadException}s travel whole, everything else becomes
 * {@link ErrorCode#INTERNAL} and is logged once, here. Failures a caller sees are always {@link FairleadException}s.
 */
public final class Bus {
    private static final Logger log = LoggerFactory.getLogger(Bus.class);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final String ROOT = "dev.fairlead.gateway.";

    /** What stays on this node never goes through what selects among the nodes of a cluster. Never changed. */
    static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    /** Made once for each class: some are asked for with every piece of an answer. */
    private static final ClassValue<String> ADDRESSES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            String name = type.getName();
            return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
        }
    };

    /** One for each Vert.x: all that is known of other nodes, which for most gateways is that there are none. */
    private static final class Fleet implements Shareable {
        private static final String MAP = "fairlead.bus";

        private volatile Optional<Peers> peers = Optional.empty();

        static Fleet of(Vertx vertx) {
            return vertx.sharedData().<String, Fleet>getLocalMap(MAP).computeIfAbsent(MAP, name -> new Fleet());
        }
    }

    private final Vertx vertx;
    private final EventBus eventBus;
    private final Fleet fleet;

    private Bus(Vertx vertx) {
        this.vertx = vertx;
        this.eventBus = vertx.eventBus();
        this.fleet = Fleet.of(vertx);
    }

    /** Prepares the event bus of {@code vertx} once; every verticle then makes its own with {@link #on}. */
    public static Bus install(Vertx vertx) {
        EventBus eventBus = vertx.eventBus();
        eventBus.registerCodec(new RecordCodec());
        eventBus.registerDefaultCodec(BusFailure.class, new BusFailureCodec());
        eventBus.codecSelector(body -> body instanceof Record ? RecordCodec.NAME : null);
        return new Bus(vertx);
    }

    /** The bus of a Vert.x on which {@link #install} has run. */
    public static Bus on(Vertx vertx) {
        return new Bus(vertx);
    }

    /**
     * Speaks to other nodes from now on, on a clustered Vert.x; completes when they can reach this one. Requests that
     * are {@link Owned} go to the owner, those at a place that begins with a node's name to that node, and events to
     * all, unless they are {@link NodeEvent}s.
     *
     * @param epoch of this node's life; higher than that of any before it
     * @param key that all nodes of the fleet have and nobody else: what was not written with it is dropped
     */
    public Future<Void> join(Routes routes, long epoch, byte[] key, TimeSource time, MeterRegistry metrics) {
        Peers peers = new Peers(vertx, routes, epoch, key, time, metrics);
        return peers.open().onSuccess(opened -> fleet.peers = Optional.of(peers));
    }

    /** Speaks to no other node any more. */
    public Future<Void> leave() {
        Optional<Peers> peers = fleet.peers;
        fleet.peers = Optional.empty();
        return peers.map(Peers::close).orElse(Future.succeededFuture());
    }

    /**
     * Asks whoever answers {@code request}, on this node or, where it is {@link Owned}, on the owner's; fails with
     * {@link ErrorCode#TIMEOUT} after 30 s, and 2 s after the last word of another node.
     */
    public <R extends Record, Q extends Request<R>> Future<R> request(Q request) {
        return request(request, DEFAULT_TIMEOUT);
    }

    /** As {@link #request(Request)}, with a timeout of its own. */
    public <R extends Record, Q extends Request<R>> Future<R> request(Q request, Duration timeout) {
        Optional<Peers> peers = fleet.peers;
        return peers.isPresent() && request instanceof Owned owned
                ? requestOwner(peers.get().routes(), owned.lease(), request, timeout)
                : ask(address(request.getClass()), request, timeout);
    }

    /** As {@link #request(Request)}, of the one who answers it on that node. */
    public <R extends Record, Q extends Request<R>> Future<R> requestOn(String node, Q request) {
        return requestOn(node, request, DEFAULT_TIMEOUT);
    }

    /** As {@link #requestOn(String, Request)}, with a timeout of its own. */
    public <R extends Record, Q extends Request<R>> Future<R> requestOn(String node, Q request, Duration timeout) {
        String address = address(request.getClass());
        Optional<Peers> peers = fleet.peers;
        if (peers.isEmpty() || peers.get().routes().node().equals(node)) {
            return ask(address, request, timeout);
        }
        return peers.get()
                .other(node)
                .map(other -> peers.get().ask(other, address, request, timeout))
                .orElseGet(() -> Future.failedFuture(Peers.away(node)));
    }

    /** Asks the consumer at {@code place}: a node, an edge, one stream. */
    public <R extends Record, Q extends Request<R>> Future<R> requestAt(String place, Q request) {
        return requestAt(place, request, DEFAULT_TIMEOUT);
    }

    /** As {@link #requestAt(String, Request)}, with a timeout of its own. */
    public <R extends Record, Q extends Request<R>> Future<R> requestAt(String place, Q request, Duration timeout) {
        String address = address(request.getClass(), place);
        Optional<Peers> peers = fleet.peers;
        Optional<String> other =
                peers.isEmpty() ? Optional.empty() : peers.get().other(node(place));
        return other.isPresent()
                ? peers.get().ask(other.get(), address, request, timeout)
                : ask(address, request, timeout);
    }

    /** Answers every {@code type} that is asked of this node. */
    public <R extends Record, Q extends Request<R>> MessageConsumer<?> answer(
            Class<Q> type, Function<Q, Future<R>> handler) {
        return consume(address(type), handler);
    }

    /** Answers every {@code type} addressed to {@code place}. */
    public <R extends Record, Q extends Request<R>> MessageConsumer<?> answerAt(
            String place, Class<Q> type, Function<Q, Future<R>> handler) {
        return consume(address(type, place), handler);
    }

    /** The calling context's way to ask much of a concern that {@link #answerPipelines answers} so. */
    public Pipeline pipeline(Class<?> family) {
        return new Pipeline(vertx, this, address(family));
    }

    /**
     * Answers what is asked through {@link #pipeline}s of {@code family} on this node, in the order in which it was
     * asked.
     *
     * @param handler of all of them, called on this context; its answers come on it too
     */
    public MessageConsumer<?> answerPipelines(Class<?> family, Function<Request<?>, Future<? extends Record>> handler) {
        String address = address(family);
        PipelineAnswers answers = new PipelineAnswers(eventBus, vertx.getOrCreateContext(), address, handler);
        return eventBus.<Pipeline.Requests>localConsumer(address, message -> answers.heard(message.body()));
    }

    /** Whether this node is the one that answers. */
    boolean isHere(Request<?> request) {
        Optional<Peers> peers = fleet.peers;
        return peers.isEmpty()
                || !(request instanceof Owned owned)
                || peers.get()
                        .routes()
                        .owner(owned.lease())
                        .equals(Optional.of(peers.get().routes().node()));
    }

    /** Tells every subscriber of {@code family}, on every node that is there; on each in this order. */
    public <E extends Event> void publish(Class<E> family, E event) {
        String address = address(family);
        eventBus.publish(address, event, LOCAL);
        Optional<Peers> peers = fleet.peers;
        if (peers.isPresent() && !(event instanceof NodeEvent)) {
            peers.get().tellOthers(address, event);
        }
    }

    /** Tells the subscribers of {@code family} at {@code place}, on the node that is of. */
    public <E extends Event> void publishAt(String place, Class<E> family, E event) {
        String address = address(family, place);
        Optional<Peers> peers = fleet.peers;
        Optional<String> other =
                peers.isEmpty() ? Optional.empty() : peers.get().other(node(place));
        if (other.isPresent()) {
            peers.get().tell(other.get(), address, event);
        } else {
            eventBus.publish(address, event, LOCAL);
        }
    }

    /** Hears every event of {@code family}; what the handler throws is logged and stops nothing. */
    public <E extends Event> MessageConsumer<?> subscribe(Class<E> family, Consumer<E> handler) {
        return listen(address(family), family, handler);
    }

    /** Hears every event of {@code family} told at {@code place}. */
    public <E extends Event> MessageConsumer<?> subscribeAt(String place, Class<E> family, Consumer<E> handler) {
        return listen(address(family, place), family, handler);
    }

    /** The failure as a refusal that can be shown: what is not one already is an internal error without details. */
    public static FairleadException refusal(Throwable failure) {
        if (failure instanceof FairleadException refusal) {
            return refusal;
        }
        if (failure instanceof BusFailure carried) {
            return carried.toException();
        }
        if (failure instanceof ReplyException reply) {
            if (isLate(reply)) {
                return new FairleadException(ErrorCode.TIMEOUT, "No answer in time; try again");
            }
            if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
                return new FairleadException(ErrorCode.SHUTTING_DOWN, "The gateway is starting or stopping; try again");
            }
        }
        return new FairleadException(ErrorCode.INTERNAL, "Internal error; the gateway's log has the details");
    }

    private static boolean isLate(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
    }

    private <R extends Record, Q extends Request<R>> Future<R> requestOwner(
            Routes routes, String lease, Q request, Duration timeout) {
        return routes.owner(lease)
                .map(owner -> requestOn(owner, request, timeout))
                .orElseGet(() -> Future.failedFuture(new FairleadException(
                        ErrorCode.STORAGE_UNAVAILABLE,
                        "No node keeps this at the moment (" + lease + "). Nothing was changed; try again in a moment.",
                        Duration.ofSeconds(1))));
    }

    private <R extends Record> Future<R> ask(String address, Request<R> request, Duration timeout) {
        return eventBus.<R>request(address, request, local(timeout))
                .transform(answer -> answer.succeeded()
                        ? Future.succeededFuture(answer.result().body())
                        : Future.failedFuture(isLate(answer.cause()) ? request.late() : refusal(answer.cause())));
    }

    private <R extends Record, Q extends Request<R>> MessageConsumer<?> consume(
            String address, Function<Q, Future<R>> handler) {
        return eventBus.<Q>localConsumer(address, message -> {
            Future<R> answer;
            try {
                answer = handler.apply(message.body());
            } catch (RuntimeException e) {
                answer = Future.failedFuture(e);
            }
            answer.onComplete(done -> {
                if (message.replyAddress() == null) {
                    return;
                }
                if (done.succeeded()) {
                    message.reply(done.result());
                } else {
                    message.reply(failure(address, done.cause()));
                }
            });
        });
    }

    static DeliveryOptions local(Duration timeout) {
        return new DeliveryOptions().setLocalOnly(true).setSendTimeout(timeout.toMillis());
    }

    static BusFailure failure(String address, Throwable cause) {
        if (!(cause instanceof FairleadException) && !(cause instanceof ReplyException)) {
            log.error("{} failed", address, cause);
        }
        return BusFailure.of(refusal(cause));
    }

    private <E extends Event> MessageConsumer<?> listen(String address, Class<E> family, Consumer<E> handler) {
        return eventBus.<Object>localConsumer(address, message -> {
            try {
                handler.accept(family.cast(message.body()));
            } catch (RuntimeException e) {
                log.error("A subscriber of {} failed", address, e);
            }
        });
    }

    /** The node a place is of: what stands before the first slash. */
    private static String node(String place) {
        int end = place.indexOf('/');
        return end < 0 ? place : place.substring(0, end);
    }

    static String address(Class<?> type, String place) {
        return address(type) + '@' + place;
    }

    private static String address(Class<?> type) {
        return ADDRESSES.get(type);
    }
}
