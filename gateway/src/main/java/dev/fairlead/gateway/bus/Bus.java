package dev.fairlead.gateway.bus;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Typed messages between concerns over the Vert.x event bus; the only place that knows bus addresses. An address is the
 * package and name of the record's class, so that a request reaches its owner wherever in a cluster that runs; a
 * {@code place} narrows it to one node or one of several consumers of the same class.
 *
 * <p>A handler that throws or fails always answers: {@link FairleadException}s travel whole, everything else becomes
 * {@link ErrorCode#INTERNAL} and is logged once, here. Failures a caller sees are always {@link FairleadException}s.
 */
public final class Bus {
    private static final Logger log = LoggerFactory.getLogger(Bus.class);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final String ROOT = "dev.fairlead.gateway.";

    /** What stays on this node never goes through what selects among the nodes of a cluster. Never changed. */
    private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

    private final EventBus eventBus;

    private Bus(EventBus eventBus) {
        this.eventBus = eventBus;
    }

    /** Prepares the event bus of {@code vertx} once; every verticle then makes its own with {@link #on}. */
    public static Bus install(Vertx vertx) {
        EventBus eventBus = vertx.eventBus();
        eventBus.registerCodec(new RecordCodec());
        eventBus.registerDefaultCodec(BusFailure.class, new BusFailureCodec());
        eventBus.codecSelector(body -> body instanceof Record ? RecordCodec.NAME : null);
        return new Bus(eventBus);
    }

    /** The bus of a Vert.x on which {@link #install} has run. */
    public static Bus on(Vertx vertx) {
        return new Bus(vertx.eventBus());
    }

    /** Asks the owner of {@code request}; fails with {@link ErrorCode#TIMEOUT} after 30 s. */
    public <R extends Record, Q extends Request<R>> Future<R> request(Q request) {
        return ask(address(request.getClass()), request, DEFAULT_TIMEOUT);
    }

    /** As {@link #request(Request)}, with a timeout of its own. */
    public <R extends Record, Q extends Request<R>> Future<R> request(Q request, Duration timeout) {
        return ask(address(request.getClass()), request, timeout);
    }

    /** Asks the consumer at {@code place}: a node, an edge, one stream. */
    public <R extends Record, Q extends Request<R>> Future<R> requestAt(String place, Q request) {
        return ask(address(request.getClass(), place), request, DEFAULT_TIMEOUT);
    }

    /** As {@link #requestAt(String, Request)}, with a timeout of its own. */
    public <R extends Record, Q extends Request<R>> Future<R> requestAt(String place, Q request, Duration timeout) {
        return ask(address(request.getClass(), place), request, timeout);
    }

    /** Answers every {@code type} of the whole fleet. */
    public <R extends Record, Q extends Request<R>> MessageConsumer<?> answer(
            Class<Q> type, Function<Q, Future<R>> handler) {
        return consume(address(type), handler);
    }

    /** Answers every {@code type} addressed to {@code place}. */
    public <R extends Record, Q extends Request<R>> MessageConsumer<?> answerAt(
            String place, Class<Q> type, Function<Q, Future<R>> handler) {
        return consume(address(type, place), handler);
    }

    /** Tells every subscriber of {@code family}, on every node. */
    public <E extends Event> void publish(Class<E> family, E event) {
        eventBus.publish(address(family), event, LOCAL);
    }

    /** Tells the subscribers of {@code family} at {@code place}. */
    public <E extends Event> void publishAt(String place, Class<E> family, E event) {
        eventBus.publish(address(family, place), event, LOCAL);
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

    private static DeliveryOptions local(Duration timeout) {
        return new DeliveryOptions().setLocalOnly(true).setSendTimeout(timeout.toMillis());
    }

    private static BusFailure failure(String address, Throwable cause) {
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

    private static String address(Class<?> type, String place) {
        return address(type) + '@' + place;
    }

    private static String address(Class<?> type) {
        String name = type.getName();
        return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
    }
}
