package dev.fairlead.gateway.faces.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.fairlead.gateway.time.ManualTime;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SubscriptionsTest {
    private static final int SHARE = 64;
    private static final String LOG = "fairlead://logs/scout/log";

    private final ManualTime time = new ManualTime();
    private final Subscriptions subscriptions = new Subscriptions(time, time, new Waiters(time));

    private McpCommands.Opened open(String holder) {
        return subscriptions.open(new McpCommands.Listen(holder, IntNode.valueOf(1), false, Map.of(LOG, LOG)));
    }

    private void isRefused(String holder, ErrorCode code) {
        assertThatThrownBy(() -> open(holder))
                .isInstanceOfSatisfying(FairleadException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(code));
    }

    @Test
    void no_client_takes_the_share_of_others() {
        for (int i = 0; i < SHARE; i++) {
            open("greedy");
        }
        isRefused("greedy", ErrorCode.BUSY);
        assertThat(open("modest").id()).startsWith(Subscriptions.PREFIX);

        time.advance(Duration.ofSeconds(61));
        subscriptions.prune();
        open("greedy");
    }

    @Test
    void what_a_key_asked_for_just_before_it_was_revoked_is_not_begun() {
        open("key");
        subscriptions.forgetHolder("key");
        assertThat(subscriptions.any()).isFalse();
        isRefused("key", ErrorCode.UNAUTHORIZED);

        time.advance(Duration.ofSeconds(61));
        subscriptions.prune();
        open("other");
    }
}
