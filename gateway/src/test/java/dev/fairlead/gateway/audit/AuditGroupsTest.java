package dev.fairlead.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("attack")
class AuditGroupsTest {
    private static final int FLOOD = 2000;

    private final AuditGroups groups = new AuditGroups();

    @Test
    void what_an_agent_is_refused_under_ever_other_names_is_a_few_rows_a_minute_and_nothing_is_left_out() {
        for (int i = 0; i < FLOOD; i++) {
            refused("agent:liar", "agents.victim.message.x" + i);
        }

        List<AuditGroups.Row> rows = groups.due(0);
        assertThat(rows).hasSizeLessThanOrEqualTo(AuditGroups.MOST_OF_ONE + 1);
        assertThat(rows.stream().mapToLong(AuditGroups.Row::count).sum()).isEqualTo(FLOOD);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.last().actor()).isEqualTo("agent:liar");
            assertThat(row.last().address()).isEqualTo("127.0.0.9");
        });
    }

    @Test
    void who_comes_from_ever_other_addresses_has_no_more_rows_for_that() {
        for (int i = 0; i < FLOOD; i++) {
            refused("agent:liar", "agents.victim.message.x", "2001:db8::" + Integer.toHexString(i));
        }

        List<AuditGroups.Row> rows = groups.due(0);
        assertThat(rows).hasSizeLessThanOrEqualTo(AuditGroups.MOST_OF_ONE + 2);
        assertThat(rows.stream().mapToLong(AuditGroups.Row::count).sum()).isEqualTo(FLOOD);
    }

    @Test
    void what_others_are_refused_meanwhile_is_told_apart_still() {
        for (int i = 0; i < FLOOD; i++) {
            refused("agent:liar", "agents.victim.message.x" + i);
        }
        refused("agent:honest", "agents.other.chat.turn");
        refused("operator", "nobody");

        assertThat(groups.due(0))
                .extracting(row -> row.last().actor() + " " + row.last().target())
                .contains("agent:honest agents.other.chat.turn", "operator nobody");
    }

    @Test
    void the_next_minute_tells_apart_anew() {
        for (int i = 0; i < FLOOD; i++) {
            refused("agent:liar", "agents.victim.message.x" + i);
        }
        groups.due(AuditGroups.SPAN.toNanos());

        refused("agent:liar", "agents.victim.token.state");

        assertThat(groups.due(AuditGroups.SPAN.toNanos()))
                .singleElement()
                .satisfies(row -> assertThat(row.last().target()).isEqualTo("agents.victim.token.state"));
    }

    private void refused(String actor, String target) {
        refused(actor, target, "127.0.0.9");
    }

    private void refused(String actor, String target, String address) {
        groups.add(
                new AuditEvents.Recorded(
                        Instant.EPOCH,
                        actor,
                        "agent.request",
                        target,
                        address,
                        AuditEvents.REFUSED,
                        "reserved_subject"),
                0);
    }
}
