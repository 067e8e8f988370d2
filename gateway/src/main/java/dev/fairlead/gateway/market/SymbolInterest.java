package dev.fairlead.gateway.market;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who wants which symbols: those of the settings for ever, a holder's (a stream's view, an edge) until it lets go or
 * its lease ends, and one that was asked for until nobody has for a while. Bounded in count: where it is full, the
 * symbol that was asked for longest ago makes room, and where all are held, a new one is refused. Plain state.
 */
@StateMachine
final class SymbolInterest {
    /** How long a symbol that was asked for is followed after the last time. */
    static final Duration IDLE = Duration.ofMinutes(5);

    private static final class Wanted {
        private final Set<String> holders = new HashSet<>();
        private final long since;
        private boolean pinned;
        private long askedAt;

        Wanted(long since) {
            this.since = since;
        }

        boolean isHeld() {
            return pinned || !holders.isEmpty();
        }
    }

    private record Hold(Set<String> symbols, Optional<Long> until) {}

    private final int most;
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();
    private final Map<String, Hold> holds = new HashMap<>();
    private final Set<String> added = new LinkedHashSet<>();
    private final Set<String> removed = new LinkedHashSet<>();

    SymbolInterest(int most) {
        this.most = most;
    }

    Set<String> symbols() {
        return wanted.keySet();
    }

    boolean contains(String symbol) {
        return wanted.containsKey(symbol);
    }

    /** Since when a symbol is followed, in nanoseconds; one that is not counts as for ever. */
    long since(String symbol) {
        Wanted one = wanted.get(symbol);
        return one == null ? 0 : one.since;
    }

    /** These stay for ever, whatever the bound. */
    void pin(Collection<String> symbols, long now) {
        symbols.forEach(symbol -> want(symbol, now).pinned = true);
    }

    /** Somebody asked for these. */
    void ask(Set<String> symbols, long now) {
        makeRoomFor(symbols);
        symbols.forEach(symbol -> want(symbol, now).askedAt = now);
    }

    /**
     * {@code holder} wants these, and what it wanted before no more.
     *
     * @param until nanoseconds of the monotonic clock; empty for until it lets go
     */
    void hold(String holder, Set<String> symbols, Optional<Long> until, long now) {
        makeRoomFor(symbols);
        Hold before = holds.put(holder, new Hold(Set.copyOf(symbols), until));
        symbols.forEach(symbol -> {
            Wanted one = want(symbol, now);
            one.holders.add(holder);
            one.askedAt = now;
        });
        if (before != null) {
            before.symbols().stream()
                    .filter(symbol -> !symbols.contains(symbol))
                    .forEach(gone -> letGo(gone, holder));
        }
    }

    /** {@code holder} wants nothing more. */
    void release(String holder) {
        Hold hold = holds.remove(holder);
        if (hold != null) {
            hold.symbols().forEach(symbol -> letGo(symbol, holder));
        }
    }

    /** Ends what nobody has asked for lately, and leases nobody has renewed. */
    void sweep(long now) {
        List<String> lapsed = new ArrayList<>();
        holds.forEach((holder, hold) -> {
            if (hold.until().filter(until -> now - until > 0).isPresent()) {
                lapsed.add(holder);
            }
        });
        lapsed.forEach(this::release);
        Iterator<Map.Entry<String, Wanted>> all = wanted.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Wanted> one = all.next();
            if (!one.getValue().isHeld() && now - one.getValue().askedAt > IDLE.toNanos()) {
                all.remove();
                gone(one.getKey());
            }
        }
    }

    /** The symbols that came since the last time. */
    Set<String> takeAdded() {
        Set<String> taken = Set.copyOf(added);
        added.clear();
        return taken;
    }

    /** The symbols that went since the last time. */
    Set<String> takeRemoved() {
        Set<String> taken = Set.copyOf(removed);
        removed.clear();
        return taken;
    }

    private Wanted want(String symbol, long now) {
        return wanted.computeIfAbsent(symbol, name -> {
            if (!removed.remove(name)) {
                added.add(name);
            }
            return new Wanted(now);
        });
    }

    private void letGo(String symbol, String holder) {
        Wanted one = wanted.get(symbol);
        if (one != null) {
            one.holders.remove(holder);
        }
    }

    private void gone(String symbol) {
        if (!added.remove(symbol)) {
            removed.add(symbol);
        }
    }

    private void makeRoomFor(Set<String> symbols) {
        long missing =
                symbols.stream().filter(symbol -> !wanted.containsKey(symbol)).count();
        long excess = wanted.size() + missing - most;
        if (missing == 0 || excess <= 0) {
            return;
        }
        List<String> idle = wanted.entrySet().stream()
                .filter(one -> !one.getValue().isHeld() && !symbols.contains(one.getKey()))
                .sorted((a, b) -> Long.compare(a.getValue().askedAt - b.getValue().askedAt, 0))
                .limit(excess)
                .map(Map.Entry::getKey)
                .toList();
        if (idle.size() < excess) {
            throw new FairleadException(
                    ErrorCode.TOO_MANY_REQUESTS,
                    "The gateway follows as many symbols as it may; quotes.max_symbols (" + most + ") bounds them",
                    IDLE);
        }
        idle.forEach(symbol -> {
            wanted.remove(symbol);
            gone(symbol);
        });
    }
}
