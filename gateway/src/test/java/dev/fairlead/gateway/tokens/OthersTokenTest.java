package dev.fairlead.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.gateway.testing.MovableTime;
import dev.fairlead.protocol.TokenReport;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node shows of a token that another has. */
class OthersTokenTest {
    private final MovableTime time = new MovableTime();
    private final OthersToken token = new OthersToken(time, "simulator");

    private static TokenReport told(TokenState state, Optional<Long> age) {
        Optional<Instant> at = age.map(seconds -> Instant.EPOCH);
        return new TokenReport(state, "simulator", at, age, at, at, at, Optional.empty(), Optional.empty());
    }

    @Test
    void it_ages_from_when_it_was_told() {
        token.told(told(TokenState.VALID, Optional.of(40L)));
        time.advance(Duration.ofSeconds(20));
        assertThat(token.report().ageSeconds()).contains(60L);
        assertThat(token.report().state()).isEqualTo(TokenState.VALID);
    }

    @Test
    void it_is_on_its_way_while_its_node_is_away() {
        token.told(told(TokenState.VALID, Optional.of(40L)));
        token.away("n1");
        assertThat(token.report().state()).isEqualTo(TokenState.REFRESHING);
        assertThat(token.report().reason())
                .hasValueSatisfying(why -> assertThat(why).contains("n1"));
        assertThat(token.report().fetchedAt()).isEmpty();
    }

    @Test
    void where_there_was_none_none_is_on_its_way() {
        token.told(told(TokenState.UNAVAILABLE, Optional.empty()));
        token.away("n1");
        assertThat(token.report().state()).isEqualTo(TokenState.UNAVAILABLE);
    }
}
