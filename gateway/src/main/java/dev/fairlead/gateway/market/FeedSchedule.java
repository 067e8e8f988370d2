package dev.fairlead.gateway.market;

import dev.fairlead.gateway.settings.Secret;
import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.gateway.upstream.FeedEnd;
import dev.fairlead.protocol.client.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * When a ticket for the feed is fetched and when a session is begun. One thing at a time, after a failure not before a
 * backoff; a ticket that nears its end is replaced, and so is the session it opened, while that still runs. A feed that
 * refuses its ticket is offered one fresh one, and no more until the upstream's access token is another: logins that
 * fail again and again get an address blocked. Plain state on injected time.
 */
@StateMachine
final class FeedSchedule {
    /** A ticket is replaced when the last of so many parts of its life begins: of a day, the last hour. */
    static final int PARTS = 24;

    /** A session that lived so long was a good one: what follows it is the first failure. */
    static final Duration STABLE = Duration.ofSeconds(30);

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(60);

    /** What is to be done now. */
    enum Step {
        NOTHING,
        FETCH_TICKET,
        OPEN
    }

    private final TimeSource time;
    private final boolean needsToken;
    private final Backoff backoff;
    private Step underWay = Step.NOTHING;
    private long notBefore;
    private Optional<Duration> ticketLife = Optional.empty();
    private OptionalLong ticketSince = OptionalLong.empty();
    private long ticketAsked;
    private boolean live;
    private long liveSince;
    private long liveTicketSince;
    private int refusals;
    private Optional<Secret> tokenUsed = Optional.empty();
    private boolean stopped;
    private Optional<String> reason = Optional.of("it is connecting");

    FeedSchedule(TimeSource time, boolean needsToken, RandomGenerator random) {
        this.time = time;
        this.needsToken = needsToken;
        this.backoff = Backoff.of(FIRST_RETRY, LONGEST_RETRY, random);
        this.notBefore = time.nanos();
    }

    /**
     * What to begin now; it has begun then, and one of the methods below tells how it ended.
     *
     * @param accessToken the upstream's, as it is now
     */
    Step next(Optional<Secret> accessToken) {
        long now = time.nanos();
        if (stopped && accessToken.isPresent() && !accessToken.equals(tokenUsed)) {
            stopped = false;
            refusals = 0;
            backoff.reset();
            notBefore = now;
        }
        if (underWay != Step.NOTHING || stopped || now - notBefore < 0 || (live && !nearsEnd(liveTicketSince, now))) {
            return Step.NOTHING;
        }
        if (ticketSince.isEmpty() || nearsEnd(ticketSince.getAsLong(), now)) {
            if (needsToken && accessToken.isEmpty()) {
                return Step.NOTHING;
            }
            tokenUsed = accessToken;
            ticketAsked = now;
            underWay = Step.FETCH_TICKET;
        } else {
            underWay = Step.OPEN;
        }
        return underWay;
    }

    /** A ticket came; {@code life} counts from when it was asked for. */
    void ticketFetched(Optional<Duration> life) {
        underWay = Step.NOTHING;
        ticketLife = life;
        ticketSince = OptionalLong.of(ticketAsked);
    }

    void ticketFailed(String why, boolean terminal, Optional<Duration> retryAfter) {
        underWay = Step.NOTHING;
        reason = Optional.of(why);
        if (terminal) {
            stopped = true;
        } else {
            retryAfter(retryAfter);
        }
    }

    /** The session that was begun last brings quotes; the one before it, if any, is let go. */
    void ready() {
        underWay = Step.NOTHING;
        live = true;
        liveSince = time.nanos();
        liveTicketSince = ticketSince.orElse(liveSince);
        refusals = 0;
        reason = Optional.empty();
    }

    /** The session that brought quotes ended. */
    void lost(FeedEnd end) {
        live = false;
        if (time.nanos() - liveSince >= STABLE.toNanos()) {
            backoff.reset();
        }
        if (underWay == Step.NOTHING) {
            failed(end);
        } else {
            reason = Optional.of(end.reason());
        }
    }

    /** The session that was begun last never came to bring quotes. */
    void openFailed(FeedEnd end) {
        underWay = Step.NOTHING;
        failed(end);
    }

    /** Whether a session is on its way. */
    boolean isConnecting() {
        return underWay != Step.NOTHING;
    }

    /** Whether nothing more is tried until the access token is another. */
    boolean isStopped() {
        return stopped;
    }

    /** Why no quotes are streamed; empty while they are. */
    Optional<String> reason() {
        return reason;
    }

    private void failed(FeedEnd end) {
        reason = Optional.of(end.reason());
        if (!end.refused()) {
            retryAfter(Optional.empty());
            return;
        }
        ticketSince = OptionalLong.empty();
        if (++refusals > 1) {
            stopped = true;
        } else {
            notBefore = time.nanos();
        }
    }

    private void retryAfter(Optional<Duration> asked) {
        Duration step = backoff.next();
        notBefore = time.nanos()
                + asked.filter(wait -> wait.compareTo(step) > 0).orElse(step).toNanos();
    }

    private boolean nearsEnd(long since, long now) {
        return ticketLife
                .filter(life -> now - since
                        >= life.dividedBy(PARTS).multipliedBy(PARTS - 1).toNanos())
                .isPresent();
    }
}
