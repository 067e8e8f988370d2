package dev.fairlead.gateway.alerts;

import dev.fairlead.gateway.bus.Bus;
import dev.fairlead.gateway.logs.LogCommands;
import dev.fairlead.gateway.settings.AlertRule;
import dev.fairlead.gateway.time.Scheduler;
import dev.fairlead.gateway.time.TimeSource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks through what logs have grown by, for lines that rules are about. While there is no such rule, a look is
 * nothing. Logs are read one after the other: looking on must not be felt by those who write or follow them.
 */
final class LogLines {
    /** Between two looks. */
    static final Duration PERIOD = Duration.ofSeconds(3);

    /** Lines of one page; each is told. */
    private static final int PAGE = 100;

    /** Most pages of one log in a look: what a flood has beyond them is passed over. */
    private static final int MOST_PAGES = 20;

    /** Hears of a line. */
    @FunctionalInterface
    interface Found {
        void line(AlertRule rule, String instance, String line);
    }

    private record Place(String rule, String instance) {}

    private record Look(AlertRule rule, String instance) {}

    /** The instances of the node. */
    interface Fleet {
        /** Those whose logs may have grown since this was last asked. */
        Set<String> ran();

        boolean exists(String instance);
    }

    private final Bus bus;
    private final String place;
    private final Supplier<Collection<AlertRule>> rules;
    private final Fleet fleet;
    private final TimeSource time;
    private final Found found;
    private final Map<Place, LogCommands.Place> places = new HashMap<>();
    private Set<String> ranBefore = Set.of();
    private Instant lookedAt;
    private boolean looking;
    private boolean stopped;

    /** For the logs of a node; what was written before is not looked at. */
    LogLines(Bus bus, String node, Supplier<Collection<AlertRule>> rules, Fleet fleet, TimeSource time, Found found) {
        this.bus = bus;
        this.place = LogCommands.place(node);
        this.rules = rules;
        this.fleet = fleet;
        this.time = time;
        this.lookedAt = time.instant();
        this.found = found;
    }

    Scheduler.Cancellable start(Scheduler scheduler) {
        Scheduler.Cancellable ticking = scheduler.every(PERIOD, this::look);
        return () -> {
            stopped = true;
            ticking.cancel();
        };
    }

    private void look() {
        if (looking) {
            return;
        }
        List<AlertRule> ofLines =
                rules.get().stream().filter(rule -> rule.pattern().isPresent()).toList();
        if (!ofLines.isEmpty()) {
            look(ofLines);
        }
        lookedAt = time.instant();
    }

    private void look(List<AlertRule> ofLines) {
        Set<String> now = fleet.ran();
        Set<String> names = new LinkedHashSet<>(now);
        names.addAll(ranBefore); // its last lines
        ranBefore = now;
        names.removeIf(name -> !fleet.exists(name));
        Deque<Look> looks = new ArrayDeque<>();
        Set<String> ids = ofLines.stream().map(AlertRule::id).collect(Collectors.toSet());
        places.keySet().removeIf(key -> !ids.contains(key.rule) || !fleet.exists(key.instance));
        for (AlertRule rule : ofLines) {
            names.stream().filter(rule::isAbout).forEach(name -> {
                looks.add(new Look(rule, name));
                // Of what is new here, what was there at the look before is old.
                places.putIfAbsent(new Place(rule.id(), name), new LogCommands.Place.Moment(lookedAt));
            });
        }
        looking = true;
        next(looks);
    }

    private void next(Deque<Look> looks) {
        Look look = looks.poll();
        if (look == null || stopped) {
            looking = false;
            return;
        }
        pages(look, MOST_PAGES).onComplete(done -> next(looks));
    }

    private Future<Void> pages(Look look, int most) {
        Place key = new Place(look.rule.id(), look.instance);
        LogCommands.Filter filter = new LogCommands.Filter(look.rule.pattern().orElseThrow(), true, true);
        return bus.requestAt(place, new LogCommands.ReadOn(look.instance, PAGE, places.get(key), filter))
                .compose(page -> {
                    page.lines().forEach(line -> found.line(look.rule, look.instance, line));
                    places.put(key, new LogCommands.Place.Cursor(page.end()));
                    boolean more = page.more().orElse(false);
                    return !more ? Future.succeededFuture() : most > 1 ? pages(look, most - 1) : skip(key);
                });
    }

    private Future<Void> skip(Place key) {
        return bus.requestAt(
                        place, new LogCommands.ReadPage(key.instance, 0, Optional.empty(), LogCommands.Filter.NONE))
                .map(page -> {
                    places.put(key, new LogCommands.Place.Cursor(page.end()));
                    return null;
                });
    }
}
