package dev.fairlead.gateway.messages;

import static dev.fairlead.gateway.messages.BusUnderTest.keyed;
import static dev.fairlead.gateway.messages.BusUnderTest.message;
import static dev.fairlead.gateway.messages.BusUnderTest.needingToken;
import static dev.fairlead.protocol.MessageEvent.Kind.ACCEPTED;
import static dev.fairlead.protocol.MessageEvent.Kind.ACKNOWLEDGED;
import static dev.fairlead.protocol.MessageEvent.Kind.DEAD_LETTERED;
import static dev.fairlead.protocol.MessageEvent.Kind.DELIVERED;
import static dev.fairlead.protocol.MessageEvent.Kind.EXPIRED;
import static dev.fairlead.protocol.MessageEvent.Kind.FAILED;
import static dev.fairlead.protocol.MessageEvent.Kind.RETRY_SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import dev.fairlead.protocol.TokenState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The rules of the message bus, one by one. */
class MessageBusTest {
    private final BusUnderTest test = new BusUnderTest();
    private final MessageBus bus = test.bus;

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(FairleadException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    private Batch.Lease delivered() {
        test.connect("b", 1);
        test.send(message("a", "b"));
        return test.lastDelivery();
    }

    @Test
    void nothing_is_told_or_sent_before_the_commit() {
        test.connect("b", 1);
        bus.send(message("a", "b"));
        Batch batch = bus.take();
        assertThat(test.deliveries).isEmpty();
        assertThat(bus.committed(batch, test.write(batch)).leases()).hasSize(1);
    }

    @Test
    void acceptance_and_first_lease_share_a_commit() {
        test.connect("b", 1);
        bus.send(message("a", "b"));
        Batch batch = bus.take();
        assertThat(batch.notes()).extracting(note -> note.event().event()).containsExactly(ACCEPTED, DELIVERED);
    }

    @Test
    void an_acknowledged_message_has_ended() {
        Batch.Lease lease = delivered();
        assertThat(test.acknowledge(lease)).isEqualTo(ACKNOWLEDGED);
        assertThat(bus.open()).isZero();
        assertThat(test.history(lease.message().accepted.id().toString()))
                .containsExactly(ACCEPTED, DELIVERED, ACKNOWLEDGED);
    }

    @Test
    void an_unknown_recipient_is_refused() {
        refused(ErrorCode.UNKNOWN_RECIPIENT, () -> bus.send(message("a", "nobody")));
    }

    @Test
    void an_offline_recipient_gets_it_on_registration() {
        bus.know("b");
        test.send(message("a", "b"));
        assertThat(test.deliveries).isEmpty();
        test.connect("b", 1);
        test.commit();
        assertThat(test.lastDelivery().payload()).contains(RawJson.ofText("{}"));
    }

    @Test
    void a_lease_that_runs_out_is_tried_again_after_a_second_or_less() {
        delivered();
        test.advance(Duration.ofSeconds(30));
        assertThat(test.deliveries).hasSize(1);
        test.advance(Duration.ofSeconds(1));
        assertThat(test.lastDelivery().attempt()).isEqualTo(2);
        assertThat(test.lastDelivery().payload()).contains(RawJson.ofText("{}"));
    }

    @Test
    void delays_double_from_the_first_to_the_cap() {
        MessageRules rules = BusUnderTest.RULES;
        java.util.random.RandomGenerator longest = () -> -1L; // nextDouble() just below 1
        assertThat(rules.retryDelay(1, longest)).isBetween(Duration.ofMillis(999), Duration.ofSeconds(1));
        assertThat(rules.retryDelay(3, longest)).isBetween(Duration.ofMillis(3_999), Duration.ofSeconds(4));
        assertThat(rules.retryDelay(20, longest)).isBetween(Duration.ofMillis(59_999), Duration.ofSeconds(60));
        java.util.random.RandomGenerator shortest = () -> 0L;
        assertThat(rules.retryDelay(1, shortest)).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void the_fifth_failure_makes_a_dead_letter() {
        Batch.Lease lease = delivered();
        String id = lease.message().accepted.id().toString();
        for (int attempt = 1; attempt < 5; attempt++) {
            assertThat(test.fail(test.lastDelivery())).isEqualTo(RETRY_SCHEDULED);
            test.advance(Duration.ofSeconds(60));
        }
        assertThat(test.lastDelivery().attempt()).isEqualTo(5);
        assertThat(test.fail(test.lastDelivery())).isEqualTo(DEAD_LETTERED);
        assertThat(test.status(id)).isEqualTo(DEAD_LETTERED);
        test.advance(Duration.ofMinutes(10));
        assertThat(test.deliveries).hasSize(5);
    }

    @Test
    void a_revived_dead_letter_has_all_its_attempts_and_time_again() {
        the_fifth_failure_makes_a_dead_letter();
        test.advance(Duration.ofHours(2));
        bus.revive(new MessageQueries.Whole(
                test.kept.firstEntry().getValue(), List.of(), RawJson.ofText("{}"), Optional.empty()));
        test.commit();
        assertThat(test.lastDelivery().attempt()).isEqualTo(6);
        assertThat(test.fail(test.lastDelivery())).isEqualTo(RETRY_SCHEDULED);
    }

    @Test
    void an_extended_lease_lasts_from_then() {
        Batch.Lease lease = delivered();
        test.advance(Duration.ofSeconds(20));
        test.settle(MessageCommands.LeaseAction.EXTEND, lease);
        test.advance(Duration.ofSeconds(29));
        assertThat(test.acknowledge(lease)).isEqualTo(ACKNOWLEDGED);
    }

    @Test
    void a_stale_attempt_is_refused() {
        Batch.Lease first = delivered();
        test.advance(Duration.ofSeconds(30));
        test.advance(Duration.ofSeconds(1));
        refused(ErrorCode.STALE_LEASE, () -> test.acknowledge(first));
        assertThat(test.acknowledge(test.lastDelivery())).isEqualTo(ACKNOWLEDGED);
    }

    @Test
    void a_replaced_connection_cannot_acknowledge() {
        Batch.Lease first = delivered();
        test.connect("b", 2);
        test.commit();
        refused(ErrorCode.STALE_LEASE, () -> test.acknowledge(first));
        refused(
                ErrorCode.STALE_LEASE,
                () -> test.settle(MessageCommands.LeaseAction.ACKNOWLEDGE, "b", 1, test.lastDelivery()));
    }

    @Test
    void another_agent_cannot_acknowledge() {
        Batch.Lease lease = delivered();
        test.connect("c", 1);
        refused(ErrorCode.STALE_LEASE, () -> test.settle(MessageCommands.LeaseAction.ACKNOWLEDGE, "c", 1, lease));
    }

    @Test
    void a_second_acknowledgement_is_refused() {
        Batch.Lease lease = delivered();
        test.acknowledge(lease);
        refused(ErrorCode.STALE_LEASE, () -> test.acknowledge(lease));
    }

    @Test
    void a_lost_connection_gives_its_leases_back_at_once() {
        Batch.Lease lease = delivered();
        bus.disconnected("b", 1);
        test.commit();
        assertThat(test.status(lease.message().accepted.id().toString())).isEqualTo(RETRY_SCHEDULED);
        test.connect("b", 2);
        test.commit();
        assertThat(test.lastDelivery().attempt()).isEqualTo(2);
    }

    @Test
    void news_of_an_older_connection_changes_nothing() {
        test.connect("b", 2);
        bus.disconnected("b", 1);
        test.connect("b", 1);
        test.send(message("a", "b"));
        assertThat(test.lastDelivery().session().epoch()).isEqualTo(2);
    }

    @Test
    void the_same_key_is_the_same_message() {
        bus.know("b");
        Supplier<MessageCommands.Sent> first = bus.send(keyed("a", "b", "k"));
        Supplier<MessageCommands.Sent> second = bus.send(keyed("a", "b", "k"));
        test.commit();
        Supplier<MessageCommands.Sent> third = bus.send(keyed("a", "b", "k"));
        test.commit();
        assertThat(first.get().known()).isFalse();
        assertThat(List.of(second.get(), third.get())).allSatisfy(sent -> {
            assertThat(sent.known()).isTrue();
            assertThat(sent.messageId()).isEqualTo(first.get().messageId());
        });
        assertThat(bus.open()).isEqualTo(1);
    }

    @Test
    void a_repeated_send_delivers_nothing_and_takes_no_place() {
        delivered();
        test.send(keyed("a", "b", "k"));
        test.send(keyed("a", "b", "k"));
        assertThat(test.deliveries).hasSize(2);
        assertThat(test.kept).hasSize(2);
        assertThat(bus.open()).isEqualTo(2);
    }

    @Test
    void a_key_belongs_to_its_sender_and_its_recipient() {
        bus.know("b");
        bus.know("d");
        assertThat(List.of(
                        test.send(keyed("a", "b", "k")),
                        test.send(keyed("c", "b", "k")),
                        test.send(keyed("a", "d", "k"))))
                .doesNotHaveDuplicates();
        assertThat(bus.open()).isEqualTo(3);
    }

    @Test
    void a_key_of_another_message_is_refused_before_and_after_its_commit() {
        bus.know("b");
        Supplier<MessageCommands.Sent> first = bus.send(keyed("a", "b", "k", "{\"n\":1}"));
        Supplier<MessageCommands.Sent> other = bus.send(keyed("a", "b", "k", "{\"n\":2}"));
        test.commit();
        Supplier<MessageCommands.Sent> later = bus.send(keyed("a", "b", "k", "{\"n\":2}"));
        Supplier<MessageCommands.Sent> same = bus.send(keyed("a", "b", "k", "{ \"n\": 1 }"));
        test.commit();
        for (Supplier<MessageCommands.Sent> refused : List.of(other, later)) {
            assertThatThrownBy(refused::get)
                    .hasFieldOrPropertyWithValue("code", ErrorCode.CONFLICT)
                    .hasMessageContaining(first.get().messageId());
        }
        assertThat(same.get().messageId()).isEqualTo(first.get().messageId());
        assertThat(bus.open()).isEqualTo(1);
    }

    @Test
    void at_most_64_are_unacknowledged() {
        test.connect("b", 1);
        for (int i = 0; i < 70; i++) {
            test.send(message("a", "b"));
        }
        assertThat(test.deliveries).hasSize(64);
        test.acknowledge(test.deliveries.get(0));
        assertThat(test.deliveries).hasSize(65);
    }

    @Test
    void bytes_are_bounded_for_each_recipient_and_from_each_sender_until_they_are_settled() {
        MessageRules rules = new MessageRules(
                Duration.ofSeconds(30),
                5,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                64,
                512 * 1024,
                100,
                5); // two payloads of two bytes
        BusUnderTest small = new BusUnderTest(rules, 1);
        for (String name : List.of("b", "c", "d")) {
            small.bus.know(name);
        }
        small.send(message("a", "b"));
        small.send(message("a", "c"));
        assertThatThrownBy(() -> small.send(message("a", "d")))
                .hasMessageContaining("messages.max_backlog_bytes")
                .hasMessageContaining("from 'a'");
        small.send(message("x", "b"));
        assertThatThrownBy(() -> small.send(message("y", "b")))
                .hasMessageContaining("messages.max_backlog_bytes")
                .hasMessageContaining("for 'b'");

        small.bus.removed("c"); // what waited there has ended
        small.send(message("a", "d"));
    }

    @Test
    void a_full_backlog_is_busy() {
        BusUnderTest small = new BusUnderTest(
                new MessageRules(
                        Duration.ofSeconds(30),
                        5,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        Duration.ofHours(1),
                        64,
                        512 * 1024,
                        3,
                        64L << 20),
                1);
        small.bus.know("b");
        for (int i = 0; i < 3; i++) {
            small.send(message("a", "b"));
        }
        refused(ErrorCode.BUSY, () -> small.bus.send(message("a", "b")));
    }

    @Test
    void a_message_expires_an_hour_after_acceptance() {
        bus.know("b");
        String id = test.send(message("a", "b"));
        test.advance(Duration.ofMinutes(59));
        assertThat(test.status(id)).isEqualTo(ACCEPTED);
        test.advance(Duration.ofMinutes(1));
        assertThat(test.status(id)).isEqualTo(EXPIRED);
    }

    @Test
    void the_wall_clock_expires_nothing() {
        bus.know("b");
        String id = test.send(message("a", "b"));
        test.time.shiftWallClock(Duration.ofHours(3));
        test.advance(Duration.ofMinutes(1));
        assertThat(test.status(id)).isEqualTo(ACCEPTED);
    }

    @Test
    void a_lease_may_end_in_an_acknowledgement_after_the_time_to_live() {
        bus.know("b");
        test.send(message("a", "b"));
        test.advance(Duration.ofMinutes(59).plusSeconds(50));
        test.connect("b", 1);
        test.commit();
        test.advance(Duration.ofSeconds(20));
        assertThat(test.acknowledge(test.lastDelivery())).isEqualTo(ACKNOWLEDGED);
    }

    @Test
    void what_needs_the_token_waits_for_it() {
        test.connect("b", 1);
        test.send(needingToken("a", "b"));
        assertThat(test.deliveries).isEmpty();
        bus.token(TokenState.EXPIRING_SOON);
        test.commit();
        assertThat(test.deliveries).hasSize(1);
    }

    @Test
    void what_waits_for_the_token_holds_back_its_sender_alone() {
        test.connect("b", 1);
        test.send(needingToken("a", "b"));
        test.send(message("a", "b"));
        test.send(message("c", "b"));
        assertThat(test.deliveries)
                .extracting(lease -> lease.message().accepted.from())
                .containsExactly("c");
        bus.token(TokenState.VALID);
        test.commit();
        assertThat(test.deliveries.get(1).message().accepted.needsToken()).isTrue();
        assertThat(test.deliveries.get(2).message().accepted.needsToken()).isFalse();
    }

    @Test
    void a_held_message_that_expires_lets_the_next_go() {
        test.connect("b", 1);
        test.send(new MessageCommands.Send(
                "a",
                "b",
                "test",
                RawJson.ofText("{}"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Duration.ofSeconds(5)),
                Optional.of("token.valid")));
        test.send(message("a", "b"));
        assertThat(test.deliveries).isEmpty();
        test.advance(Duration.ofSeconds(5));
        assertThat(test.deliveries).hasSize(1);
    }

    @Test
    void a_payload_over_64_kib_is_refused() {
        bus.know("b");
        RawJson text = RawJson.ofText("\"" + "x".repeat(NewMessage.MAX_PAYLOAD) + "\"");
        refused(
                ErrorCode.PAYLOAD_TOO_LARGE,
                () -> bus.send(new MessageCommands.Send(
                        "a", "b", "t", text, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())));
    }

    @Test
    void a_revoked_recipient_fails_what_waits_for_it() {
        bus.know("b");
        String id = test.send(message("a", "b"));
        bus.removed("b");
        test.commit();
        assertThat(test.status(id)).isEqualTo(FAILED);
        refused(ErrorCode.UNKNOWN_RECIPIENT, () -> bus.send(message("a", "b")));
    }

    @Test
    void the_operator_settles_whatever_has_not_ended() {
        bus.know("b");
        String id = test.send(message("a", "b"));
        assertThat(bus.override(id, ACKNOWLEDGED, Optional.empty())).isPresent();
        test.commit();
        assertThat(test.status(id)).isEqualTo(ACKNOWLEDGED);
        assertThat(bus.override(id, FAILED, Optional.empty())).isEmpty();
    }

    @Test
    void a_crash_redelivers_what_was_leased_with_a_new_attempt_that_counts_for_nothing() {
        Batch.Lease lease = delivered();
        for (int crash = 0; crash < 20; crash++) {
            test.crash("b");
            test.connect("b", crash + 2);
            test.commit();
        }
        assertThat(test.lastDelivery().attempt()).isEqualTo(21);
        assertThat(test.status(lease.message().accepted.id().toString())).isEqualTo(DELIVERED);
    }

    @Test
    void after_a_crash_the_order_of_first_deliveries_holds() {
        test.connect("b", 1);
        bus.send(message("a", "b"));
        Batch committedNotSent = bus.take();
        test.write(committedNotSent);
        test.crash("b");
        test.send(message("a", "b"));
        test.connect("b", 2);
        test.commit();
        assertThat(test.deliveries)
                .extracting(lease -> lease.message().accepted.id())
                .containsExactlyElementsOf(
                        test.kept.values().stream().map(StoredMessage::id).toList());
    }

    @Test
    void a_failed_commit_leaves_what_was_kept() {
        Batch.Lease lease = delivered();
        bus.settle(new MessageCommands.Settle(
                MessageCommands.LeaseAction.ACKNOWLEDGE,
                "b",
                1,
                lease.message().accepted.id().toString(),
                1,
                Optional.empty()));
        bus.take(); // and the commit fails
        bus.clear();
        test.restore();
        assertThat(test.lastDelivery().attempt()).isEqualTo(2);
        assertThat(test.lastDelivery().payload()).contains(RawJson.ofText("{}"));
    }

    @Test
    void a_reason_is_shown_bounded_and_on_one_line() {
        assertThat(ShownText.of("a\nb" + "x".repeat(500)))
                .hasSize(ShownText.MAX_REASON)
                .startsWith("a bx");
    }

    @Test
    void no_event_holds_a_payload() {
        test.connect("b", 1);
        String canary = "canary-7f3a";
        test.send(new MessageCommands.Send(
                "a",
                "b",
                "t",
                RawJson.ofText("\"" + canary + "\""),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
        test.fail(test.lastDelivery());
        assertThat(test.events).extracting(MessageEvent::toString).noneMatch(text -> text.contains(canary));
        assertThat(test.lastDelivery().toString()).doesNotContain(canary);
    }
}
