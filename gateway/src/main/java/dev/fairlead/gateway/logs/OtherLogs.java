package dev.fairlead.gateway.logs;

import dev.fairlead.gateway.agents.AgentCommands;
import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.bus.PeerEvent;
import dev.fairlead.gateway.bus.Request;
import dev.fairlead.gateway.cluster.Ownership;
import dev.fairlead.gateway.instances.InstanceCommands;
import dev.fairlead.gateway.streams.EncodedFrames;
import dev.fairlead.gateway.streams.StreamCommands;
import dev.fairlead.gateway.streams.StreamEvent;
import dev.fairlead.gateway.streams.StreamPublisher;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The logs of other nodes: what is asked of one is asked of the node that has it, and what that tells those who watch
 * here is passed on to them. Where something of it was missed, each of them asks for what follows from where it stands.
 * Confined to the event loop of the logs.
 */
final class OtherLogs {
    /** How long a node may take for a page of its log. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long a node that is said to be there may take to have its logs; an edge waits longer. */
    private static final Duration RETURN = Duration.ofSeconds(18);

    private static final Duration RETRY = Duration.ofMillis(250);

    private final Bus bus;
    private final Ownership ownership;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final String node;
    private final FollowedViews followed = new FollowedViews();
    private final LogFollowers followers = new LogFollowers();
    private final List<MessageConsumer<?>> consumers = new ArrayList<>();

    OtherLogs(Bus bus, Ownership ownership, Scheduler scheduler, TimeSource time) {
        this.scheduler = scheduler;
        this.bus = bus;
        this.ownership = ownership;
        this.time = time;
        this.node = ownership.node();
    }

    /** The bus place at which a node answers for its own logs alone. */
    private static String place(String node) {
        return node + "/logs/own";
    }

    /** Hears other nodes from now on. */
    void open() {
        if (!ownership.isAlone()) {
            consumers.add(bus.subscribeAt(node, LogNews.class, this::hear));
            consumers.add(bus.subscribeAt(node, PeerEvent.class, this::missed));
            consumers.add(bus.answerAt(place(node), LogCommands.KeepFollowing.class, this::keep));
            scheduler.every(StreamPublisher.INTEREST_PERIOD, this::keepFollowing);
        }
    }

    List<MessageConsumer<?>> consumers() {
        return consumers;
    }

    /** Answers {@code type} for every log: for those of this node, by {@code here}. */
    <R extends Record, Q extends Request<R>> void answer(
            Class<Q> type, Function<Q, String> name, Function<Q, Future<R>> here) {
        consumers.add(bus.answerAt(LogCommands.place(node), type, asked -> home(name.apply(asked))
                .compose(home ->
                        home.isPresent() ? bus.requestAt(place(home.get()), asked, PATIENCE) : here.apply(asked))));
        if (!ownership.isAlone()) {
            consumers.add(bus.answerAt(place(node), type, here));
        }
    }

    /** Takes sockets into the streams of every log: of those of this node, by {@code here}. */
    void subscribe(Function<StreamCommands.Subscribe, Future<StreamCommands.Subscribed>> here) {
        consumers.add(bus.answerAt(
                StreamCommands.place(node, "logs"),
                StreamCommands.Subscribe.class,
                asked -> subscribe(asked, here, time.nanos() + RETURN.toNanos())));
        if (!ownership.isAlone()) {
            consumers.add(
                    bus.answerAt(place(node), LogCommands.SubscribeFrom.class, asked -> here.apply(asked.request())
                            .onSuccess(taken -> followers.follows(asked.node(), Set.of(taken.view()), time.nanos()))));
        }
    }

    static String name(StreamCommands.Subscribe request) {
        return request.parameters().getOrDefault("name", "");
    }

    /** Who watched already is not sent away because the node of the log begins anew, and answers in a moment. */
    private Future<StreamCommands.Subscribed> subscribe(
            StreamCommands.Subscribe asked,
            Function<StreamCommands.Subscribe, Future<StreamCommands.Subscribed>> here,
            long until) {
        return home(name(asked))
                .compose(home -> home.isPresent()
                        ? follow(home.get(), asked)
                        : here.apply(asked).onSuccess(taken -> followed.ended(taken.view())))
                .recover(failure -> {
                    ErrorCode code = Bus.refusal(failure).code();
                    boolean again = asked.lag().isPresent()
                            && (code == ErrorCode.SHUTTING_DOWN || code == ErrorCode.TIMEOUT)
                            && !ownership.isAlone()
                            && time.nanos() - until < 0;
                    if (!again) {
                        return Future.failedFuture(failure);
                    }
                    Promise<Void> pause = Promise.promise();
                    scheduler.after(RETRY, pause::complete);
                    return pause.future().compose(passed -> subscribe(asked, here, until));
                });
    }

    private Future<StreamCommands.Subscribed> follow(String home, StreamCommands.Subscribe request) {
        return bus.requestAt(place(home), new LogCommands.SubscribeFrom(node, request), PATIENCE)
                .onSuccess(taken -> followed.follow(taken.view(), home, time.nanos()));
    }

    /** Tells who watches a log of this node, here and on the nodes that follow it. */
    void tell(StreamEvent event) {
        bus.publishAt(node, StreamEvent.class, event);
        if (!ownership.isAlone()) {
            String view = view(event);
            followers
                    .of(view, time.nanos())
                    .forEach(follower -> bus.publishAt(follower, LogNews.class, new LogNews.Told(node, event)));
            if (event instanceof StreamEvent.Ended) {
                followers.ended(view);
            }
        }
    }

    /** Edges of this node tell what is watched. */
    void inUse(StreamEvent.ViewsInUse views) {
        followed.inUse(views.views(), time.nanos());
    }

    private void hear(LogNews news) {
        if (news instanceof LogNews.Told told && followed.shows(view(told.event()), told.node())) {
            if (told.event() instanceof StreamEvent.Ended ended) {
                followed.ended(ended.view());
            }
            bus.publishAt(node, StreamEvent.class, told.event());
        }
    }

    /** What comes from nowhere shows everybody that something is missing before it. */
    private void missed(PeerEvent peer) {
        followed.of(peer.node())
                .forEach(view -> bus.publishAt(
                        node,
                        StreamEvent.class,
                        new StreamEvent.Frames(view, Long.MAX_VALUE, Long.MAX_VALUE, EncodedFrames.NONE)));
    }

    private void keepFollowing() {
        followed.byHome(time.nanos()).forEach((home, views) -> {
            // Where it is away its views begin anew once it is back: that is heard of.
            Future<?> unused = bus.requestAt(place(home), new LogCommands.KeepFollowing(node, views), PATIENCE);
        });
    }

    private Future<LogCommands.Kept> keep(LogCommands.KeepFollowing request) {
        followers.follows(request.node(), request.views(), time.nanos());
        bus.publishAt(node, StreamEvent.class, new StreamEvent.ViewsInUse(request.views()));
        return Future.succeededFuture(new LogCommands.Kept());
    }

    /** The other node that has a log; empty where this one has it, or nobody. */
    private Future<Optional<String>> home(String name) {
        if (ownership.isAlone()) {
            return Future.succeededFuture(Optional.empty());
        }
        return bus.request(new InstanceCommands.FindHome(name))
                .recover(failure -> Bus.refusal(failure).code() == ErrorCode.SHUTTING_DOWN // begin last, end first
                        ? Future.succeededFuture(new InstanceCommands.Home(Optional.empty()))
                        : Future.failedFuture(failure))
                .compose(found -> found.node().isPresent() ? Future.succeededFuture(found.node()) : homeOfAgent(name))
                .map(home -> home.filter(other -> !other.equals(node)).map(other -> reachable(name, other)));
    }

    private Future<Optional<String>> homeOfAgent(String name) {
        return bus.request(new AgentCommands.GetAgent(name))
                .map(found -> found.agent().node().filter(ownership.nodes()::contains))
                .recover(failure -> Bus.refusal(failure).code() == ErrorCode.AGENT_NOT_FOUND
                        ? Future.succeededFuture(Optional.empty())
                        : Future.failedFuture(failure));
    }

    private String reachable(String name, String home) {
        if (!ownership.nodes().contains(home)) {
            throw new FairleadException(
                    ErrorCode.SHUTTING_DOWN,
                    "The log of '" + name + "' is on node " + home + ", which is away; try again once that is back",
                    Duration.ofSeconds(1));
        }
        return home;
    }

    private static String view(StreamEvent event) {
        if (event instanceof StreamEvent.Frames frames) {
            return frames.view();
        }
        return event instanceof StreamEvent.Ended ended ? ended.view() : "";
    }
}
