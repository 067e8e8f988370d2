package dev.fairlead.gateway.edge.agent;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.market.MarketCommands;
import dev.fairlead.gateway.market.MarketCommands.Following;
import dev.fairlead.gateway.market.MarketEvent;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.AgentData;
import dev.fairlead.protocol.AgentSubjects;
import dev.fairlead.protocol.EnvelopeWriter;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.Quote;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.Symbols;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code quote.*}: one quote now, or each from then on, to the agents of one edge. A quote becomes a frame once, agents
 * who want the same symbols share one buffer of what is new. For an agent that falls behind nothing is kept but the
 * number of the last news it got: when the network has caught up, it gets the newest of each symbol that changed since.
 * Used on the edge's event loop only.
 */
final class QuoteFanout {
    /** The market forgets an edge it has not heard of for the lease. */
    private static final Duration RENEW = Following.LEASE.dividedBy(3);

    private record Subscribed(List<String> symbols) {}

    private record SymbolRefused(Refusal error) {}

    private record Refusal(String code, String message, String subject, String symbol) {}

    private static final class Newest {
        private final byte[] frame;
        private final long version;

        Newest(byte[] frame, long version) {
            this.frame = frame;
            this.version = version;
        }
    }

    /** Agents who want the same symbols. */
    private static final class Group {
        private final Set<String> symbols;
        private final Set<Subscriber> members = new LinkedHashSet<>();
        private final Map<String, byte[]> due = new LinkedHashMap<>(); // the newest of each symbol

        Group(Set<String> symbols) {
            this.symbols = symbols;
        }
    }

    private static final class Subscriber {
        private final AgentSocket socket;
        private Group group;
        private long seen;

        Subscriber(AgentSocket socket, Group none, long seen) {
            this.socket = socket;
            this.group = none;
            this.seen = seen;
        }
    }

    private final String edge;
    private final Bus bus;
    private final Context context;
    private final Scheduler scheduler;
    private final TimeSource time;
    private final AgentRouter router;
    private final MessageConsumer<?> consumer;
    private final Scheduler.Cancellable renewal;
    private final Map<Long, Subscriber> subscribers = new HashMap<>();
    private final Map<Set<String>, Group> groups = new HashMap<>();
    private final Map<String, Set<Group>> bySymbol = new HashMap<>();
    private final Map<String, Newest> newest = new HashMap<>();
    private final Set<Group> dirty = new LinkedHashSet<>();
    private long version;
    private boolean following;

    QuoteFanout(String edge, Bus bus, Context context, Scheduler scheduler, TimeSource time, AgentRouter router) {
        this.edge = edge;
        this.context = context;
        this.bus = bus;
        this.scheduler = scheduler;
        this.time = time;
        this.router = router;
        this.consumer = bus.subscribe(MarketEvent.class, this::heard);
        this.renewal = scheduler.every(RENEW, this::renew);
    }

    List<AgentEndpoint> endpoints() {
        return List.of(
                new AgentEndpoint(AgentSubjects.QUOTE_GET, (session, data) -> get(data)),
                new AgentEndpoint(AgentSubjects.QUOTE_SUBSCRIBE, this::subscribe),
                new AgentEndpoint(AgentSubjects.QUOTE_UNSUBSCRIBE, this::unsubscribe));
    }

    /** A connection is gone. */
    void left(long connection) {
        Subscriber gone = subscribers.remove(connection);
        if (gone != null) {
            leave(gone);
        }
    }

    /** The network has caught up with a connection. */
    void drained(long connection) {
        Subscriber subscriber = subscribers.get(connection);
        if (subscriber != null && subscriber.seen < version) {
            catchUp(subscriber, subscriber.group.symbols);
        }
    }

    Future<Void> close() {
        renewal.cancel();
        return consumer.unregister();
    }

    private Future<RawJson> get(Optional<RawJson> data) {
        String symbol =
                required(data, "symbol").as(AgentData.QuoteRequest.class).symbol();
        return bus.request(new MarketCommands.GetQuotes(List.of(symbol)))
                .map(answer -> RawJson.of(
                        (Object) AgentData.AgentQuote.of(answer.quotes().get(0))));
    }

    private Future<RawJson> subscribe(AgentSession session, Optional<RawJson> data) {
        Set<String> added = Symbols.of(
                required(data, "symbols").as(AgentData.QuoteSymbols.class).symbols());
        with(session, added); // refused before the market hears of it
        Set<String> all = new HashSet<>(bySymbol.keySet());
        all.addAll(added);
        following = true;
        return bus.request(new MarketCommands.Follow(edge, all)).map(answer -> {
            AgentSocket socket = router.socket(session.connection())
                    .filter(open -> open.isOwner(session.epoch()))
                    .orElseThrow(() -> new FairleadException(ErrorCode.AGENT_OFFLINE, "The connection is gone"));
            Set<String> wanted = with(session, added);
            Subscriber subscriber = subscribers.computeIfAbsent(
                    session.connection(), none -> new Subscriber(socket, new Group(Set.of()), version));
            join(subscriber, wanted);
            answer.quotes().forEach(this::keep);
            // What there is already follows the answer.
            scheduler.after(Duration.ZERO, () -> {
                if (subscribers.get(session.connection()) == subscriber) {
                    send(subscriber, added, 0);
                }
            });
            return answer(subscriber);
        });
    }

    private Future<RawJson> unsubscribe(AgentSession session, Optional<RawJson> data) {
        List<String> removed =
                required(data, "symbols").as(AgentData.QuoteSymbols.class).symbols();
        Subscriber subscriber = subscribers.get(session.connection());
        if (subscriber == null) {
            return Future.succeededFuture(RawJson.of((Object) new Subscribed(List.of())));
        }
        Set<String> wanted = new HashSet<>(subscriber.group.symbols);
        removed.forEach(symbol -> wanted.remove(symbol.strip()));
        join(subscriber, Set.copyOf(wanted));
        return Future.succeededFuture(answer(subscriber));
    }

    private static RawJson answer(Subscriber subscriber) {
        return RawJson.of((Object) new Subscribed(List.copyOf(new TreeSet<>(subscriber.group.symbols))));
    }

    private static RawJson required(Optional<RawJson> data, String field) {
        return data.orElseThrow(
                () -> new FairleadException(ErrorCode.BAD_REQUEST, "This needs data with '" + field + "'"));
    }

    /** What an agent wants, and these besides. */
    private Set<String> with(AgentSession session, Set<String> added) {
        Subscriber subscriber = subscribers.get(session.connection());
        Set<String> all = new HashSet<>(subscriber == null ? Set.of() : subscriber.group.symbols);
        all.addAll(added);
        return Set.copyOf(Symbols.of(all));
    }

    private void join(Subscriber subscriber, Set<String> symbols) {
        if (subscriber.group.symbols.equals(symbols)) {
            return;
        }
        flush(subscriber.group); // what is due to it goes with the group it leaves
        Group next = groups.computeIfAbsent(symbols, Group::new);
        symbols.forEach(symbol ->
                bySymbol.computeIfAbsent(symbol, none -> new LinkedHashSet<>()).add(next));
        leave(subscriber);
        next.members.add(subscriber);
        subscriber.group = next;
    }

    private void leave(Subscriber subscriber) {
        Group left = subscriber.group;
        left.members.remove(subscriber);
        if (left.members.isEmpty() && groups.remove(left.symbols, left)) {
            left.symbols.forEach(symbol -> bySymbol.computeIfPresent(symbol, (name, wanting) -> {
                wanting.remove(left);
                if (wanting.isEmpty()) {
                    newest.remove(name);
                    return null;
                }
                return wanting;
            }));
        }
    }

    private void renew() {
        if (following || !bySymbol.isEmpty()) {
            following = !bySymbol.isEmpty();
            Future<Following> unused = bus.request(new MarketCommands.Follow(edge, bySymbol.keySet()));
        }
    }

    private void heard(MarketEvent event) {
        if (event instanceof MarketEvent.Unknown unknown) {
            unknown(unknown);
        }
        if (!(event instanceof MarketEvent.Updated updated) || bySymbol.isEmpty()) {
            return;
        }
        version++;
        for (Quote quote : updated.quotes()) {
            Set<Group> wanting = bySymbol.get(quote.symbol());
            if (wanting != null) {
                byte[] frame = frame(quote);
                newest.put(quote.symbol(), new Newest(frame, version));
                for (Group group : wanting) {
                    group.due.put(quote.symbol(), frame);
                    makeDirty(group);
                }
            }
        }
    }

    /** There are no quotes of a symbol: whoever wants it is told, and still gets its others. */
    private void unknown(MarketEvent.Unknown event) {
        byte[] frame = EnvelopeWriter.writeFrame(
                AgentSubjects.ERROR,
                Optional.empty(),
                Optional.empty(),
                Optional.of(RawJson.of((Object) new SymbolRefused(new Refusal(
                        ErrorCode.QUOTE_UNAVAILABLE.wire(),
                        "No quotes of " + event.symbol() + ": " + event.why(),
                        AgentSubjects.QUOTE_SUBSCRIBE.value(),
                        event.symbol())))),
                time.millis());
        for (Group group : bySymbol.getOrDefault(event.symbol(), Set.of())) {
            group.members.forEach(member -> member.socket.tellShared(joined(List.of(frame)), 1));
        }
    }

    /** What comes in one turn of the event loop leaves together at its end, the newest of each symbol alone. */
    private void makeDirty(Group group) {
        if (dirty.isEmpty()) {
            context.runOnContext(ignored -> {
                List<Group> now = List.copyOf(dirty);
                dirty.clear();
                now.forEach(this::flush);
            });
        }
        dirty.add(group);
    }

    private void flush(Group group) {
        if (group.due.isEmpty()) {
            return;
        }
        List<byte[]> frames = List.copyOf(group.due.values());
        group.due.clear();
        ByteBuf shared = joined(frames);
        for (Subscriber subscriber : group.members) {
            if (!subscriber.socket.isBehind()) {
                subscriber.socket.tellShared(shared.retainedDuplicate(), frames.size());
                subscriber.seen = version;
            }
        }
        shared.release();
    }

    private void catchUp(Subscriber subscriber, Set<String> symbols) {
        send(subscriber, symbols, subscriber.seen);
        subscriber.seen = version;
    }

    /** Sends the newest of these that came after {@code since}. */
    private void send(Subscriber subscriber, Set<String> symbols, long since) {
        List<byte[]> frames = symbols.stream()
                .map(newest::get)
                .filter(one -> one != null && one.version > since)
                .map(one -> one.frame)
                .toList();
        if (!frames.isEmpty()) {
            subscriber.socket.tellShared(joined(frames), frames.size());
        }
    }

    /** Keeps what the market said when it was asked, unless news came in between. */
    private void keep(Quote quote) {
        if (bySymbol.containsKey(quote.symbol())) {
            newest.computeIfAbsent(quote.symbol(), none -> new Newest(frame(quote), Math.max(1, version)));
        }
    }

    private byte[] frame(Quote quote) {
        return EnvelopeWriter.writeFrame(
                AgentSubjects.QUOTE_UPDATE,
                Optional.empty(),
                Optional.empty(),
                Optional.of(RawJson.of((Object) AgentData.AgentQuote.of(quote))),
                time.millis());
    }

    private static ByteBuf joined(List<byte[]> frames) {
        ByteBuf shared = PooledByteBufAllocator.DEFAULT.directBuffer(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(shared::writeBytes);
        return shared;
    }
}
