package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.traces.Span;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.gateway.upstream.Brokerage;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what is to be done with orders: stores what they become, calls the upstream, and tells what came of it. */
final class OrderDispatch {
    private static final Logger log = LoggerFactory.getLogger(OrderDispatch.class);

    private final Bus bus;
    private final OrderRepository repository;
    private final Optional<Brokerage> brokerage;
    private final OrderBook book;
    private final Orders orders;
    private final LiveOrders live;
    private final Consumer<Order> happened;
    private final Traces traces;
    private final BooleanSupplier mayAct;

    /**
     * Made once.
     *
     * @param happened told of every order that was stored here in another status
     * @param mayAct whether this node has the upstream; nothing is begun where it has not
     */
    OrderDispatch(
            Bus bus,
            OrderRepository repository,
            Optional<Brokerage> brokerage,
            OrderBook book,
            Orders orders,
            LiveOrders live,
            Consumer<Order> happened,
            Traces traces,
            BooleanSupplier mayAct) {
        this.bus = bus;
        this.repository = repository;
        this.brokerage = brokerage;
        this.book = book;
        this.orders = orders;
        this.live = live;
        this.happened = happened;
        this.traces = traces;
        this.mayAct = mayAct;
    }

    /** Begins all that is to be done now. */
    void work() {
        if (!mayAct.getAsBoolean()) {
            return;
        }
        book.takeWork().forEach(this::begin);
        if (orders.token().usable()) {
            List<Order> asked = live.takeQuestion();
            brokerage.filter(upstream -> !asked.isEmpty()).ifPresent(upstream -> look(upstream, asked));
        }
    }

    private void look(Brokerage upstream, List<Order> asked) {
        upstream.look(asked.stream().map(Order::sought).toList()).onComplete(done -> {
            if (done.succeeded()) {
                live.answered(asked, done.result()).forEach(this::store);
            } else {
                log.warn(
                        "What has become of {} orders is not known: {}",
                        asked.size(),
                        done.cause().getMessage());
                live.notAnswered();
            }
        });
    }

    private void begin(Orders.Work work) {
        Order order = work.order();
        if (work instanceof Orders.Store store) {
            store(store);
        } else if (work instanceof Orders.Send) {
            place(order);
        } else if (work instanceof Orders.Cancel) {
            cancel(order);
        } else if (work instanceof Orders.Replace) {
            replace(order);
        } else if (work instanceof Orders.LookForSuccessor) {
            lookForSuccessor(order);
        } else {
            lookUp(order);
        }
    }

    private void store(Orders.Store store) {
        Future<Boolean> stored = store.isWanted()
                ? repository.change(store.order(), store.next())
                : repository.keep(store.order(), store.next());
        stored.onComplete(done -> {
            if (done.failed()) {
                notStored(store, done.cause());
            } else if (done.result()) {
                book.stored(store.next());
                happened.accept(store.next());
                work();
            } else {
                book.leave(store.order()); // it is not what it was: somebody else has changed it
            }
        });
    }

    /** What was only wanted is decided again; what is true cannot be, and is found again by what is stored of it. */
    private void notStored(Orders.Store store, Throwable cause) {
        if (store.isWanted()) {
            orders.notStored(store.order().id());
            return;
        }
        book.leave(store.order());
        if (!Ledger.isEnd(cause)) {
            log.error(
                    "Order {} cannot be stored as {}",
                    store.order().id(),
                    store.next().status().wire(),
                    cause);
        }
    }

    private void place(Order order) {
        Span span = traces.within(
                        "submit_order", Traces.Role.CLIENT, order.asked().traceparent())
                .set("fairlead.order.id", order.id().toString())
                .set("fairlead.order.mode", order.mode().wire());
        brokerage
                .map(upstream -> upstream.submit(order.ticket()))
                .orElseGet(() -> Future.succeededFuture(new Brokerage.Declined("there is no upstream to send it to")))
                .onComplete(done -> {
                    Brokerage.Submission outcome =
                            done.succeeded() ? done.result() : new Brokerage.Lost("the answer was lost");
                    if (outcome instanceof Brokerage.Placed) {
                        used("order.submit");
                        span.end();
                    } else {
                        span.fail(outcome instanceof Brokerage.Lost ? "lost" : "declined");
                    }
                    orders.sent(order.id(), outcome);
                    work();
                });
    }

    private void used(String operation) {
        if (brokerage.filter(Brokerage::usesToken).isPresent()) {
            bus.request(new TokenCommands.RecordUse(operation));
        }
    }

    private void cancel(Order order) {
        tell(
                order,
                brokerage.map(upstream -> upstream.cancel(
                        order.upstream().key(), order.upstreamId().orElseThrow())),
                "order.cancel");
    }

    private void replace(Order order) {
        tell(order, brokerage.map(upstream -> upstream.replace(order.amendment())), "order.replace");
    }

    private void tell(Order order, Optional<Future<Brokerage.Instruction>> call, String use) {
        call.orElseGet(() -> Future.succeededFuture(new Brokerage.Unanswered("there is no upstream to tell")))
                .onComplete(done -> {
                    Brokerage.Instruction outcome =
                            done.succeeded() ? done.result() : new Brokerage.Unanswered("the answer was lost");
                    if (outcome instanceof Brokerage.Taken) {
                        used(use);
                    }
                    orders.told(order.id(), outcome);
                    work();
                });
    }

    private Brokerage.Standing standing(Optional<Brokerage.Submission> found) {
        return found.filter(Brokerage.Placed.class::isInstance)
                .map(Brokerage.Placed.class::cast)
                .flatMap(placed -> brokerage.map(upstream -> upstream.standing(placed.status())))
                .orElse(Brokerage.Standing.WORKING);
    }

    private void lookUp(Order order) {
        brokerage
                .map(upstream ->
                        upstream.find(order.upstream().key(), order.sentAt().orElse(order.receivedAt())))
                .orElseGet(() -> Future.failedFuture("there is no upstream to ask"))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        orders.lookedUp(order.id(), done.result(), standing(done.result()));
                    } else {
                        unanswered(order, done.cause());
                        orders.notLookedUp(order.id());
                    }
                    work();
                });
    }

    private record Sought(Optional<Brokerage.Successor> successor, Optional<Brokerage.State> state) {}

    private void lookForSuccessor(Order order) {
        brokerage
                .map(upstream -> sought(upstream, order))
                .orElseGet(() -> Future.failedFuture("there is no upstream to ask"))
                .onComplete(done -> {
                    if (done.succeeded()) {
                        orders.successorSought(
                                order.id(),
                                done.result().successor(),
                                done.result().state());
                    } else {
                        unanswered(order, done.cause());
                        orders.notLookedUp(order.id());
                    }
                    work();
                });
    }

    /** The order itself second: it ends before what is in its place is there. */
    private static Future<Sought> sought(Brokerage upstream, Order order) {
        return upstream.successor(order.amendment(), order.sentAt().orElse(order.receivedAt()))
                .compose(successor -> successor.isPresent()
                        ? Future.succeededFuture(new Sought(successor, Optional.empty()))
                        : upstream.look(List.of(order.sought())).map(states -> new Sought(successor, states.get(0))));
    }

    private static void unanswered(Order order, Throwable cause) {
        log.warn("Order {} is {} still: {}", order.id(), order.status().wire(), cause.getMessage());
    }
}
