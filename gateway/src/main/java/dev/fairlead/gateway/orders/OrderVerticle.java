package dev.fairlead.gateway.orders;

import dev.fairlead.gateway.agents.AgentEvent;
import dev.fairlead.gateway.approvals.Approval;
import dev.fairlead.gateway.approvals.ApprovalCommands;
import dev.fairlead.gateway.approvals.ApprovalEvent;
import dev.fairlead.gateway.audit.AuditEvents;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.HealthCommands;
import dev.fairlead.gateway.cluster.LeaseName;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.cluster.OwnershipChange;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.orders.paper.PaperBrokerage;
import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.Ticker;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.gateway.tokens.TokenCommands;
import dev.fairlead.gateway.tokens.TokenEvent;
import dev.fairlead.gateway.traces.Traces;
import dev.fairlead.gateway.upstream.Brokerage;
import dev.fairlead.protocol.OrderMode;
import dev.fairlead.protocol.OrderStatus;
import dev.fairlead.protocol.TokenState;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires orders: answers requests, keeps time, stores what an order becomes, sends it, tells what is committed. */
public final class OrderVerticle extends VerticleBase {
    private static final Logger log = LoggerFactory.getLogger(OrderVerticle.class);
    private static final String PLACE = "orders";
    private static final Duration TICK = Duration.ofMillis(100);

    /** How often the database is asked for what was kept without our being told so. */
    private static final Duration RESUME_PERIOD = Duration.ofSeconds(30);

    private final Settings settings;
    private final Optional<Brokerage> upstream;
    private final TimeSource time;
    private final String node;
    private final OrderMode mode;
    private final Database database;
    private final Ownership ownership;
    private final OrderIntake intake;
    private final Orders orders;
    private final Confirmations confirmations;
    private final LiveOrders live;
    private final OrderBook book;
    private final OrderMetrics metrics;
    private final BooleanSupplier shuttingDown;
    private final LostAgents lost;
    private final Traces traces;
    private final Submitters submitters = new Submitters();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();
    private final List<Scheduler.Cancellable> timers = new ArrayList<>();
    private Optional<Ticker> ticker = Optional.empty(); // once it has started
    private Bus bus;
    private OrderRepository repository;
    private OrderDispatch dispatch;
    private AccountDesk account;
    private OrderChanges changes;
    private boolean heardOfToken;
    private boolean waitedForAgents;
    private boolean adopted;

    /**
     * @param ownership of the upstream's lease, under which orders are kept
     * @param brokerage where orders go; empty where there is no upstream that takes any
     * @param shuttingDown whether agents go away because the gateway does
     */
    public OrderVerticle(
            Database database,
            Ownership ownership,
            Settings settings,
            Optional<Brokerage> brokerage,
            TimeSource time,
            MeterRegistry registry,
            String node,
            BooleanSupplier shuttingDown,
            Traces traces) {
        this.database = database;
        this.ownership = ownership;
        this.traces = traces;
        this.settings = settings;
        this.upstream = brokerage;
        this.mode = settings.orders().mode();
        this.time = time;
        this.node = node;
        this.shuttingDown = shuttingDown;
        this.lost = new LostAgents(time, settings.agents().offlineAfter(), ownership.isAlone());
        SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
        Transitions transitions = new Transitions(time, random, node, mode);
        this.intake = new OrderIntake(
                settings.orders(),
                time,
                transitions,
                symbol -> isPaper() ? Optional.empty() : brokerage.flatMap(there -> there.refuses(symbol)));
        this.orders = new Orders(time, random, transitions);
        this.confirmations = new Confirmations(settings.orders(), time, transitions);
        this.live = new LiveOrders(
                time,
                transitions,
                isPaper()
                        ? PaperBrokerage.LOOK_PERIOD
                        : brokerage.map(Brokerage::lookPeriod).orElse(RESUME_PERIOD));
        this.book = new OrderBook(orders, confirmations, live);
        this.metrics = new OrderMetrics(registry, orders::open);
    }

    @Override
    public Future<?> start() {
        bus = Bus.on(vertx);
        Scheduler scheduler = new VertxScheduler(vertx);
        repository = new OrderRepository(
                database,
                Ledger.of(database, scheduler, ownership, LeaseName.UPSTREAM),
                mode,
                settings.orders().confirmTtl(),
                news -> bus.publish(ApprovalEvent.class, news));
        MarketPrices prices = new MarketPrices(bus);
        Optional<Brokerage> brokerage = isPaper() ? Optional.of(paper(prices)) : upstream;
        if (settings.orders().enabled() && brokerage.isEmpty()) {
            log.warn("No order can be placed: there are no upstream credentials, or orders.account is not set");
        }
        dispatch =
                new OrderDispatch(bus, repository, brokerage, book, orders, live, this::happened, traces, this::mayAct);
        DayLimits limits = new DayLimits(settings.orders());
        OrderDesk desk = new OrderDesk(
                bus, time, intake, orders, prices, repository, limits, brokerage.isPresent(), mode, this::kept);
        changes = new OrderChanges(desk, intake, prices, repository, limits, brokerage);
        consumers.add(bus.subscribe(AgentEvent.class, this::hear));
        consumers.add(bus.subscribe(TokenEvent.class, this::hear));
        consumers.add(bus.answer(OrderCommands.Submit.class, desk::submit));
        consumers.add(bus.answer(OrderCommands.Decide.class, desk::decide));
        consumers.add(bus.answerAt(
                ApprovalCommands.place(Approval.Kind.ORDER),
                ApprovalCommands.Carry.class,
                answer -> (ownership.isAlone() ? desk.decide(decision(answer)) : bus.request(decision(answer)))
                        .map(done -> new ApprovalCommands.Carried(answer.id()))));
        consumers.add(bus.answer(OrderCommands.Cancel.class, changes::cancel));
        consumers.add(bus.answer(OrderCommands.Replace.class, changes::replace));
        OrderViews views = new OrderViews(
                time, desk, repository, prices, limits, settings.orders().confirmTtl());
        consumers.add(bus.answer(OrderCommands.Get.class, views::get));
        consumers.add(bus.answer(OrderCommands.Page.class, repository::page));
        account = new AccountDesk(time, mode, orders::token, brokerage);
        consumers.add(bus.answer(OrderCommands.GetPositions.class, account::positions));
        consumers.add(bus.answer(OrderCommands.GetBalances.class, account::balances));
        consumers.add(bus.answerAt(
                PLACE,
                HealthCommands.Check.class,
                check -> Future.succeededFuture(new HealthCommands.Result(
                        true,
                        settings.orders().enabled()
                                ? orders.open() + " under way" + (isPaper() ? ", on paper" : "")
                                : "switched off"))));
        return bus.request(new TokenCommands.GetToken())
                .onSuccess(now -> {
                    if (!heardOfToken && !isPaper()) {
                        orders.token(now.token().state());
                    }
                })
                .compose(known -> ownership.isAlone() ? adopt().otherwise(0) : Future.succeededFuture(0))
                .compose(there -> repository.inHand(node))
                .compose(left -> repository.waiting().map(waiting -> {
                    confirmations.resume(waiting);
                    return left;
                }))
                .onSuccess(left -> {
                    orders.resume(left);
                    resume();
                    followNews(brokerage);
                    ticker = Optional.of(new Ticker(scheduler, TICK, this::isBusy, this::tick));
                    timers.add(scheduler.every(RESUME_PERIOD, this::resume));
                    if (!ownership.isAlone()) {
                        ownership.listen(change -> context.runOnContext(turn -> changed(change)));
                    }
                })
                .compose(resumed -> Future.all(
                        consumers.stream().map(MessageConsumer::completion).toList()));
    }

    /** Whether this node has the upstream, by its own clock: nothing is sent by one that stood still for too long. */
    private boolean mayAct() {
        return ownership.isAlone() || ownership.fence(LeaseName.UPSTREAM).isPresent();
    }

    /** Whoever has the upstream has all orders; what is in memory of before is out of date. */
    private void changed(OwnershipChange change) {
        if (change.name().equals(LeaseName.UPSTREAM)) {
            book.forget();
            adopted = false;
            resume();
        }
    }

    /**
     * What others had is taken over before anything is done with it: what they may have sent is looked up. A gateway
     * alone has the database for itself, and with it what one of another data folder left there.
     */
    private Future<Integer> adopt() {
        if (adopted) {
            return Future.succeededFuture(0);
        }
        return repository.adopt(node).onSuccess(orders -> {
            adopted = true;
            if (orders > 0) {
                log.info("{} orders that another node had are taken over", orders);
            }
        });
    }

    private boolean isPaper() {
        return mode == OrderMode.PAPER;
    }

    /** Where orders are filled on paper; nothing is asked of the upstream for them, so no token is needed. */
    private Brokerage paper(MarketPrices prices) {
        orders.token(TokenState.VALID);
        if (settings.orders().enabled()) {
            log.info("Orders are on paper (orders.mode=paper): filled here against the live quote, none is sent");
        }
        return new PaperBrokerage(
                prices::quoted,
                key -> repository.inHand(node).map(all -> all.stream()
                        .anyMatch(order ->
                                order.upstream().key().equals(key) && order.status() == OrderStatus.CANCELLING)),
                repository::paperPositions);
    }

    @Override
    public Future<?> stop() {
        ticker.ifPresent(Ticker::cancel);
        timers.forEach(Scheduler.Cancellable::cancel);
        return Future.all(consumers.stream().map(MessageConsumer::unregister).toList());
    }

    private static OrderCommands.Decide decision(ApprovalCommands.Carry answer) {
        return new OrderCommands.Decide(
                answer.id(),
                answer.approve() ? OrderCommands.Decision.CONFIRM : OrderCommands.Decision.REJECT,
                answer.reason(),
                answer.actor(),
                answer.address());
    }

    private void hear(AgentEvent event) {
        submitters.hear(event);
        // Agents whose gateway ends have lost it, not the other way round.
        if (lost.hear(event) && !shuttingDown.getAsBoolean()) {
            abandonOrders();
        }
    }

    /** Cancels what agents that are gone have left, where the settings say so. */
    private void abandonOrders() {
        if (mayAct() && settings.orders().onAgentLost() == Settings.OnAgentLost.CANCEL) {
            repository.ofAgents(node).onSuccess(orders -> orders.forEach(this::abandon));
        }
    }

    private void abandon(Order order) {
        if (lost.mayCancel(order)) {
            changes.abandon(order)
                    .onSuccess(cancelled -> {
                        if (!cancelled) { // it was changed at the same time
                            lost.notCancelled(order);
                        }
                    })
                    .onFailure(failure -> {
                        if (Database.isOutage(failure)) {
                            lost.notCancelled(order);
                        }
                        log.warn(
                                "Order {} of an agent that went offline is not cancelled: {}",
                                order.id(),
                                failure.getMessage());
                    });
        }
    }

    private void hear(TokenEvent event) {
        if (event instanceof TokenEvent.StateChanged changed && !isPaper()) {
            heardOfToken = true;
            orders.token(changed.state());
            dispatch.work();
        }
    }

    private boolean isBusy() {
        return orders.open() > 0 || live.isFollowing();
    }

    private void tick() {
        dispatch.work();
        if (!waitedForAgents && lost.hasWaited()) {
            waitedForAgents = true;
            abandonOrders();
        }
    }

    private void resume() {
        if (mayAct()) {
            adopt().onSuccess(there -> takeUp());
        }
    }

    private void takeUp() {
        repository.inHand(node).onSuccess(left -> ifMine(() -> orders.resume(left)));
        repository.waiting().onSuccess(left -> ifMine(() -> confirmations.resume(left)));
        repository.live(node).onSuccess(left -> ifMine(() -> live.resume(left)));
        if (!shuttingDown.getAsBoolean()) {
            abandonOrders();
        }
    }

    private void ifMine(Runnable what) {
        if (mayAct()) {
            what.run();
            ticker.filter(there -> isBusy()).ifPresent(Ticker::wake);
        }
    }

    private void followNews(Optional<Brokerage> brokerage) {
        Context context = vertx.getOrCreateContext();
        brokerage.ifPresent(there -> there.onNews(() -> context.runOnContext(turn -> {
            live.hurry();
            ticker.ifPresent(Ticker::wake);
        })));
    }

    /** An order is stored as it is now: it goes where it belongs, and on. */
    private void kept(Order order) {
        book.stored(order);
        ticker.ifPresent(Ticker::wake);
        happened(order);
        dispatch.work();
    }

    /** Something is committed: it is told to all who may want to know. */
    private void happened(Order order) {
        metrics.became(order.status());
        if (order.upstream().filled().signum() > 0) {
            account.forget();
        }
        log.info(
                "{} {} of {} is {}{}",
                order.isPaper() ? "Paper order" : "Order",
                order.id(),
                order.asked().submitter(),
                order.status().wire(),
                order.reason().map(why -> ": " + why).orElse(""));
        bus.publish(OrderEvent.class, new OrderEvent.StatusChanged(order.summary()));
        submitters.tell(bus, order);
        bus.publish(
                AuditEvents.class,
                new AuditEvents.Recorded(
                        order.changedAt(),
                        "gateway",
                        "order." + order.status().wire(),
                        order.id().toString(),
                        "",
                        outcome(order),
                        (order.isPaper() ? "on paper: " : "") + order.reason().orElse("")));
    }

    private static String outcome(Order order) {
        return switch (order.status()) {
            case REJECTED -> "refused";
            case FAILED, UNKNOWN -> "failed";
            default -> "ok";
        };
    }
}
