package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.settings.Settings;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import dev.fairlead.protocol.client.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * When the upstream's token is renewed, and what its state is meanwhile. Plain state on injected time: it is told what
 * happened and that time went by, and says whether to fetch ({@link #takeFetch}), whether to connect
 * ({@link #takeConnect}) and what changed ({@link #takeNews}). The token itself is none of its business.
 *
 * <p>A new token is asked for before the old one ends, one call at a time however many ask; a passing refusal is
 * followed by another attempt after 1, 2, 4 … 60 s with jitter, a terminal one by none until somebody asks.
 *
 * <p>Where the upstream has a private connection, a token counts as valid only while that is up. Each attempt to
 * connect takes a token of its own; a renewal leaves a connection that is up alone.
 */
@StateMachine
final class TokenSchedule {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

    /** A connection that held for so long was a good one: the next attempt after it need not wait. */
    private static final Duration GOOD_CONNECTION = Duration.ofMinutes(1);

    /** A token that is held: its times are of the request that brought it, on both clocks. */
    private record Held(long sentAt, Instant fetchedAt, TokenLife life) {
        long warnAt() {
            return sentAt + life.warnAfter().toNanos();
        }

        long refreshAt() {
            return sentAt + life.refreshAfter().toNanos();
        }

        long expiresAt() {
            return sentAt + life.life().toNanos();
        }
    }

    private final TimeSource time;
    private final Settings.Token settings;
    private final String kind;
    private final boolean hasCredentials;
    private final Backoff backoff;
    private final List<TokenReport> news = new ArrayList<>();
    private TokenState state = TokenState.UNAVAILABLE;
    private Optional<String> reason = Optional.empty();
    private Optional<Held> held = Optional.empty();
    private Optional<Instant> lastUsedAt = Optional.empty();
    private OptionalLong fetchAt = OptionalLong.empty();
    private boolean fetching;
    private boolean fetchWanted;
    private boolean stopped;
    private boolean needsConnection;
    private boolean connectWanted;
    private boolean connecting;
    private boolean connected;
    private boolean freshTokenTried;
    private long connectedAt;
    private long sentAt;
    private Instant sentAtWall = Instant.EPOCH;
    private long withoutSince;

    private TokenSchedule(
            TimeSource time, Settings.Token settings, String kind, boolean hasCredentials, RandomGenerator random) {
        this.time = time;
        this.settings = settings;
        this.kind = kind;
        this.hasCredentials = hasCredentials;
        this.backoff = Backoff.of(FIRST_RETRY, LONGEST_RETRY, random);
        this.withoutSince = time.nanos();
    }

    /** With credentials: the first fetch is due at once. */
    static TokenSchedule begin(TimeSource time, Settings.Token settings, String kind, RandomGenerator random) {
        TokenSchedule schedule = new TokenSchedule(time, settings, kind, true, random);
        schedule.fetchWanted = true;
        schedule.become(TokenState.REFRESHING, Optional.empty());
        return schedule;
    }

    /** Without credentials that could serve: unavailable for good. */
    static TokenSchedule without(
            TimeSource time, Settings.Token settings, String kind, String reason, RandomGenerator random) {
        TokenSchedule schedule = new TokenSchedule(time, settings, kind, false, random);
        schedule.reason = Optional.of(reason);
        return schedule;
    }

    /** The upstream has a private connection besides, which is now down. */
    TokenSchedule withConnection() {
        needsConnection = true;
        return this;
    }

    boolean hasCredentials() {
        return hasCredentials;
    }

    TokenState state() {
        return state;
    }

    /** Whether a token is held that has not expired; it may be used even while the next one is fetched. */
    boolean holdsToken() {
        return held.filter(token -> time.nanos() < token.expiresAt()).isPresent();
    }

    boolean isFetching() {
        return fetching;
    }

    /** Lets time have its effect; called every so often. */
    void tick() {
        long now = time.nanos();
        if (held.isPresent()) {
            Held token = held.get();
            if (now >= token.expiresAt()) {
                held = Optional.empty();
                // Reached without a renewal under way when the machine slept past it.
                fetchWanted |= !fetching && fetchAt.isEmpty();
                become(TokenState.UNAVAILABLE, Optional.of("expired"));
            } else if (now >= token.refreshAt() && state != TokenState.REFRESHING) {
                fetchWanted = true;
                become(TokenState.REFRESHING, Optional.empty());
            } else if (now >= token.warnAt() && state == TokenState.VALID) {
                become(TokenState.EXPIRING_SOON, Optional.empty());
            }
        } else if (state == TokenState.REFRESHING
                && now >= withoutSince + settings.life().toNanos()) {
            become(TokenState.UNAVAILABLE, reason);
        }
        if (fetchAt.isPresent() && now >= fetchAt.getAsLong()) {
            fetchWanted = true;
        }
    }

    /** Whether a fetch is to begin now; it has begun then, and ends with {@link #fetched} or {@link #failed}. */
    boolean takeFetch() {
        if (!fetchWanted || fetching || !hasCredentials) {
            return false;
        }
        fetchWanted = false;
        fetchAt = OptionalLong.empty();
        fetching = true;
        sentAt = time.nanos();
        sentAtWall = time.instant();
        return true;
    }

    /** A new token came. */
    void fetched(Optional<Duration> life) {
        fetching = false;
        stopped = false;
        fetchAt = OptionalLong.empty();
        fetchWanted = false;
        held = Optional.of(new Held(sentAt, sentAtWall, TokenLife.of(settings, life)));
        if (needsConnection && !connected) {
            connectWanted = true;
            become(TokenState.REFRESHING, reason);
        } else {
            backoff.reset();
            become(TokenState.VALID, Optional.empty());
        }
        tick(); // one that was long on its way may be old already
    }

    /** Whether a connection is to be opened now, with the newest token; it is being opened then. */
    boolean takeConnect() {
        if (!connectWanted || connecting || connected || held.isEmpty()) {
            return false;
        }
        connectWanted = false;
        connecting = true;
        return true;
    }

    /** The private connection is up. */
    void connected() {
        connecting = false;
        connected = true;
        connectWanted = false;
        freshTokenTried = false;
        connectedAt = time.nanos();
        if (held.isPresent()) {
            become(TokenState.VALID, Optional.empty());
            tick();
        }
    }

    /**
     * The private connection did not come about.
     *
     * @param tokenRefused whether the upstream did not accept the token: one fresh one is tried at once
     */
    void notConnected(String why, boolean tokenRefused) {
        connecting = false;
        boolean atOnce = tokenRefused && !freshTokenTried;
        freshTokenTried = tokenRefused;
        connectLater(why, atOnce);
    }

    /** The private connection, which was up, is lost. */
    void connectionLost(String why) {
        connected = false;
        boolean atOnce = time.nanos() - connectedAt >= GOOD_CONNECTION.toNanos();
        if (atOnce) {
            backoff.reset();
        }
        connectLater(why, atOnce);
    }

    private void connectLater(String why, boolean atOnce) {
        if (stopped) {
            return; // the token is refused for good: there is nothing to connect with
        }
        if (fetching) {
            become(TokenState.REFRESHING, Optional.of(why));
            return; // the token that comes is a fresh one
        }
        if (atOnce) {
            fetchWanted = true;
        } else if (fetchAt.isEmpty()) {
            fetchAt = OptionalLong.of(time.nanos() + backoff.next().toNanos());
        }
        become(TokenState.REFRESHING, Optional.of(why));
    }

    /** The fetch failed in a way that may pass. */
    void failed(String why, Optional<Duration> retryAfter) {
        fetching = false;
        long now = time.nanos();
        Duration delay = delay(retryAfter);
        fetchAt = OptionalLong.of(now + delay.toNanos());
        boolean expired = state == TokenState.UNAVAILABLE && !stopped;
        stopped = false;
        if (!expired) {
            become(TokenState.REFRESHING, Optional.of(why));
        }
        tick();
    }

    /** The fetch was refused for good: nothing more happens by itself. */
    void refused(String why) {
        fetching = false;
        stopped = true;
        fetchWanted = false;
        fetchAt = OptionalLong.empty();
        held = Optional.empty();
        become(TokenState.UNAVAILABLE, Optional.of(why));
    }

    /** Somebody wants a new token now; one that is being fetched serves. */
    void refresh() {
        if (!hasCredentials) {
            return;
        }
        fetchWanted = !fetching;
        if (stopped) {
            stopped = false;
            withoutSince = time.nanos();
            become(TokenState.REFRESHING, Optional.empty());
        } else if (state != TokenState.UNAVAILABLE && !fetching) {
            become(TokenState.REFRESHING, Optional.empty());
        }
    }

    /** An authenticated operation succeeded. */
    void used() {
        lastUsedAt = Optional.of(time.instant());
        tell();
    }

    /** Takes what there is to tell, in the order it happened. */
    List<TokenReport> takeNews() {
        List<TokenReport> taken = List.copyOf(news);
        news.clear();
        return taken;
    }

    /** What may be known of the token now. */
    TokenReport report() {
        Optional<Instant> fetchedAt = held.map(Held::fetchedAt);
        return new TokenReport(
                state,
                kind,
                fetchedAt,
                held.map(
                        token -> Duration.ofNanos(time.nanos() - token.sentAt()).toSeconds()),
                held.map(token -> token.fetchedAt().plus(token.life().warnAfter())),
                held.map(token -> token.fetchedAt().plus(token.life().refreshAfter())),
                held.map(token -> token.fetchedAt().plus(token.life().life())),
                lastUsedAt,
                reason);
    }

    /** What the upstream asks for, within bounds, else the next step. */
    private Duration delay(Optional<Duration> retryAfter) {
        Duration step = backoff.next();
        Duration asked = retryAfter.orElse(step);
        return asked.compareTo(LONGEST_RETRY_AFTER) < 0 ? asked : LONGEST_RETRY_AFTER;
    }

    private void become(TokenState next, Optional<String> why) {
        if (state != next || !reason.equals(why)) {
            state = next;
            reason = why;
            tell();
        }
    }

    private void tell() {
        news.add(report());
    }
}
