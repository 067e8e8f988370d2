package dev.fairlead.gateway.upstream.dxlink;

import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.upstream.QuoteFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A session whose symbols have other names on the feed: those are asked for when a symbol is new, and again every so
 * often, since a future's changes when its contract rolls. Used on one event loop.
 */
final class NamedSession implements QuoteFeed.Session {
    /** How often it is looked whether a name is due; a call is made only for those that are. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** After a question that nobody answered. */
    private static final int LOOKS_UNTIL_RETRY = 5;

    private final QuoteFeed.Session session;
    private final FeedNames names;
    private final QuoteFeed.Listener listener;
    private final Set<String> symbols = new LinkedHashSet<>();
    private final Scheduler.Cancellable looks;
    private boolean asking;
    private int wait;
    private boolean closed;

    NamedSession(
            QuoteFeed.Session session,
            FeedNames names,
            Collection<String> symbols,
            QuoteFeed.Listener listener,
            Scheduler scheduler) {
        this.session = session;
        this.names = names;
        this.listener = listener;
        this.symbols.addAll(symbols);
        this.looks = scheduler.every(LOOK, this::look);
        ask();
    }

    @Override
    public void subscribe(Collection<String> added) {
        symbols.addAll(added);
        session.subscribe(added);
        ask();
    }

    @Override
    public void unsubscribe(Collection<String> removed) {
        removed.forEach(symbols::remove);
        session.unsubscribe(removed);
    }

    @Override
    public void close() {
        closed = true;
        looks.cancel();
        session.close();
    }

    private void look() {
        if (wait > 0) {
            wait--;
        } else {
            ask();
        }
    }

    private void ask() {
        Set<String> due = asking || closed ? Set.of() : names.due(symbols);
        if (due.isEmpty()) {
            return;
        }
        asking = true;
        Map<String, Optional<String>> before = new HashMap<>();
        due.forEach(symbol -> before.put(symbol, names.name(symbol)));
        names.lookUp(due).onComplete(done -> {
            asking = false;
            if (closed) {
                return;
            }
            if (done.failed()) {
                wait = LOOKS_UNTIL_RETRY;
                listener.remarked("the names of " + due.size() + " symbols could not be looked up: "
                        + done.cause().getMessage());
                return;
            }
            renamed(before);
            done.result().forEach(listener::unknown);
            ask(); // what came meanwhile
        });
    }

    private void renamed(Map<String, Optional<String>> before) {
        List<String> changed = new ArrayList<>();
        before.forEach((symbol, name) -> {
            if (symbols.contains(symbol) && !names.name(symbol).equals(name)) {
                changed.add(symbol);
            }
        });
        if (!changed.isEmpty()) {
            session.unsubscribe(changed);
            session.subscribe(changed);
        }
    }
}
