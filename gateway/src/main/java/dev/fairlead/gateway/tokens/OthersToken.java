package dev.fairlead.gateway.tokens;

import dev.fairlead.gateway.time.StateMachine;
import dev.fairlead.gateway.time.TimeSource;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.util.Optional;

/** The token of another node, as that told it last. */
@StateMachine
final class OthersToken {
    private final TimeSource time;
    private TokenReport told;
    private long toldAt;

    OthersToken(TimeSource time, String kind) {
        this.time = time;
        this.told = without(TokenState.UNAVAILABLE, kind, "no node has been heard of yet that has the upstream");
        this.toldAt = time.nanos();
    }

    void told(TokenReport token) {
        told = token;
        toldAt = time.nanos();
    }

    /** Nobody has it for now; where there was one, another node fetches the next. */
    void away(String node) {
        if (told.state() != TokenState.UNAVAILABLE) {
            told(without(
                    TokenState.REFRESHING,
                    told.kind(),
                    "the node " + node + " had it, and another takes the upstream over"));
        }
    }

    /** What may be known of it now. */
    TokenReport report() {
        long since = Duration.ofNanos(time.nanos() - toldAt).toSeconds();
        return new TokenReport(
                told.state(),
                told.kind(),
                told.fetchedAt(),
                told.ageSeconds().map(age -> age + since),
                told.warnAt(),
                told.refreshAt(),
                told.expiresAt(),
                told.lastUsedAt(),
                told.reason());
    }

    private static TokenReport without(TokenState state, String kind, String why) {
        return new TokenReport(
                state,
                kind,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(why));
    }
}
