package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fairlead.gateway.ledger.Ledger;
import dev.fairlead.gateway.time.VertxScheduler;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What holds on every database of messages that have ended and move into blocks. */
abstract class MessageBlocksContract extends StoredMessages {
    @Test
    void what_has_ended_moves_into_blocks_and_is_found_there_before_and_after_a_restart() throws Exception {
        List<String> ids = acknowledged(2 * MessageStore.BLOCK_MESSAGES + 10);
        String open = send(BusUnderTest.message("a", "b")).messageId();
        assertThat(count("message_blocks")).isEqualTo(2);
        for (int start = 0; start < 2; start++) {
            MessageQueries.Whole first = find(ids.get(0));
            assertThat(first.block()).isPresent();
            assertThat(first.payload().text()).isEqualTo("{\"n\":0}");
            assertThat(first.message().status()).isEqualTo(MessageEvent.Kind.ACKNOWLEDGED);
            assertThat(first.history()).hasSize(1);
            assertThat(find(ids.get(ids.size() - 1)).block()).isEmpty();
            assertThat(walk(Optional.empty(), Optional.empty(), Optional.empty()))
                    .hasSize(ids.size() + 1)
                    .doesNotHaveDuplicates();
            assertThat(walk(Optional.of("b"), Optional.of("chain-3"), Optional.empty()))
                    .hasSize((ids.size() + 3) / 7);
            assertThat(walk(Optional.empty(), Optional.empty(), Optional.of(MessageEvent.Kind.ACKNOWLEDGED)))
                    .hasSize(ids.size());
            assertThat(walk(Optional.of("nobody"), Optional.empty(), Optional.empty()))
                    .isEmpty();
            assertThat(await(queries.recent(10_000)))
                    .hasSize(2 * ids.size() + 1)
                    .last()
                    .satisfies(last -> assertThat(last.messageId()).isEqualTo(open));
            assertThat(send(keyed(5)).messageId()).isEqualTo(ids.get(5));
            restart(MANY_KEYS);
            assertThat(bus.open()).isEqualTo(1);
        }
    }

    @Test
    void blocks_that_cannot_be_filled_are_told_of_once_and_filled_later() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(MessageStore.class);
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        log.addAppender(told);
        try {
            await(database.write(c -> c.update("ALTER TABLE message_blocks RENAME TO elsewhere")));
            acknowledged(600);
            for (int i = 0; i < 10; i++) {
                send(BusUnderTest.message("a", "b"));
            }
            assertThat(told.list).hasSize(1);

            await(database.write(c -> c.update("ALTER TABLE elsewhere RENAME TO message_blocks")));
            send(BusUnderTest.message("a", "b"));
            send(BusUnderTest.message("a", "b"));
            assertThat(count("message_blocks")).isEqualTo(1);
            assertThat(told.list).hasSize(1);
        } finally {
            log.detachAppender(told);
        }
    }

    @Test
    void the_journal_keeps_what_is_open_and_lets_go_of_what_is_in_blocks() throws Exception {
        acknowledged(MessageStore.BLOCK_MESSAGES);
        String open = send(BusUnderTest.message("a", "b")).messageId();
        List<String> more = acknowledgedWith("again-", MessageStore.BLOCK_MESSAGES);
        assertThat(count("message_blocks")).isEqualTo(2);
        restart(MANY_KEYS);
        assertThat(bus.open()).isEqualTo(1);
        bus.override(open, MessageEvent.Kind.ACKNOWLEDGED, Optional.empty());
        commit();
        time.advance(JournalPart.BLOCK_DELAY.plusSeconds(1));
        store.moveAged();
        moved();
        assertThat(find(open).block()).isPresent();
        assertThat(count("message_journal")).as("the last row stays").isEqualTo(1);
        assertThat(find(more.get(0)).block()).isPresent();
        restart(MANY_KEYS);
        assertThat(bus.open()).isZero();
        assertThat(find(send(BusUnderTest.message("a", "b")).messageId())
                        .message()
                        .sequence())
                .as("numbers go on")
                .isGreaterThan(find(open).message().sequence());
    }

    @Test
    void keys_past_what_memory_holds_are_known_for_24_hours() throws Exception {
        List<String> ids = acknowledged(4 * MessageStore.BLOCK_MESSAGES);
        restart(MessageStore.BLOCK_MESSAGES);
        for (int start = 0; start < 2; start++) {
            send(BusUnderTest.message("a", "b")); // what was read is too much: the oldest go to the database
            moved();
            for (int i : new int[] {0, MessageStore.BLOCK_MESSAGES, 4 * MessageStore.BLOCK_MESSAGES - 1}) {
                MessageCommands.Sent again = send(keyed(i));
                assertThat(again.known()).as("key %s", i).isTrue();
                assertThat(again.messageId()).isEqualTo(ids.get(i));
                Supplier<MessageCommands.Sent> other = bus.send(BusUnderTest.keyed("a", "b", "key-" + i, "[]"));
                commit();
                assertThatThrownBy(other::get)
                        .as("key %s of another message", i)
                        .hasFieldOrPropertyWithValue("code", ErrorCode.CONFLICT);
            }
            restart(MessageStore.BLOCK_MESSAGES);
        }
        time.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(send(keyed(0)).known()).isFalse();
    }

    @Test
    void a_message_taken_out_of_a_block_is_under_way_again_and_there_once() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < MessageStore.BLOCK_MESSAGES; i++) {
            ids.add(bus.send(keyed(i)).get().messageId());
            bus.override(ids.get(i), MessageEvent.Kind.FAILED, Optional.of("no"));
        }
        commit();
        moved();
        MessageQueries.Whole kept = find(ids.get(3));
        assertThat(kept.block()).isPresent();
        assertThat(store.hold(kept.message().sequence())).isTrue();
        bus.revive(kept);
        commit();
        for (int start = 0; start < 2; start++) {
            assertThat(find(ids.get(3)).message().status()).isEqualTo(MessageEvent.Kind.RETRY_SCHEDULED);
            assertThat(find(ids.get(3)).history()).hasSize(2);
            assertThat(walk(Optional.empty(), Optional.empty(), Optional.of(MessageEvent.Kind.FAILED)))
                    .hasSize(ids.size() - 1);
            assertThat(walk(Optional.empty(), Optional.empty(), Optional.empty()))
                    .hasSize(ids.size());
            assertThat(send(keyed(3)))
                    .isEqualTo(new MessageCommands.Sent(ids.get(3), MessageEvent.Kind.RETRY_SCHEDULED, true));
            restart(MANY_KEYS);
            assertThat(bus.open()).isEqualTo(1);
        }
    }

    @Test
    void a_message_whose_retry_was_not_kept_stays_what_it_was_whatever_went_into_blocks_meanwhile() throws Exception {
        String retried = failed(1).get(0);
        MessageQueries.Whole kept = find(retried);
        assertThat(store.hold(kept.message().sequence())).isTrue();

        List<String> later = failed(MessageStore.BLOCK_MESSAGES);
        restart(MANY_KEYS); // the batch with the retry was lost

        assertThat(find(retried)).isEqualTo(kept);
        assertThat(walk(Optional.empty(), Optional.empty(), Optional.of(MessageEvent.Kind.FAILED)))
                .hasSize(1 + later.size());
        failed(1);
        assertThat(find(retried).block())
                .as("and goes into a block when its turn comes")
                .isPresent();
    }

    @Test
    void a_message_whose_retry_was_refused_keeps_no_other_out_of_blocks() throws Exception {
        String retried = failed(1).get(0);
        MessageQueries.Whole kept = find(retried);
        assertThat(store.hold(kept.message().sequence())).isTrue();
        store.release(kept.message().sequence());
        List<String> later = failed(MessageStore.BLOCK_MESSAGES);
        assertThat(find(retried).block()).isPresent();
        assertThat(find(later.get(0)).block()).isPresent();
    }

    /** As after a kill at that moment: all that is left is what was committed. */
    private void compareWithWhatIsReadAgain(int step) throws Exception {
        moved();
        MessageStore again =
                new MessageStore(database, Ledger.of(database, new VertxScheduler(vertx)), time, MANY_KEYS);
        MessageStore.Open open = await(again.load());
        MessageCommands.Page all =
                new MessageCommands.Page(Optional.empty(), Optional.empty(), Optional.empty(), 1_000, Optional.empty());
        List<MessageCommands.MessageSummary> known = await(queries.page(all)).messages();
        assertThat(await(again.queries().page(all)).messages())
                .as("step %s", step)
                .isEqualTo(known);
        assertThat(open.messages()).as("step %s", step).hasSize(bus.open());
        assertThat(await(again.queries().recent(10_000))).isEqualTo(await(queries.recent(10_000)));
        assertThat(sequencesInBlocks())
                .as("blocks hold nothing that has not ended by the journal")
                .doesNotContainAnyElementsOf(
                        open.messages().stream().map(StoredMessage::sequence).toList())
                .doesNotHaveDuplicates();
        for (MessageCommands.MessageSummary one : known) {
            MessageQueries.Whole there = await(
                            again.queries().find(ShownText.uuid(one.messageId()).orElseThrow()))
                    .orElseThrow();
            assertThat(there.history()).isEqualTo(find(one.messageId()).history());
            assertThat(there.payload().text()).isEqualTo("{}");
            assertThat(there.block().isEmpty() || there.message().settledAt().isPresent())
                    .as("only what has ended is in a block")
                    .isTrue();
        }
    }

    private List<Long> sequencesInBlocks() throws Exception {
        return await(database.write(c -> c.query("SELECT records FROM message_records", row -> row.bytes("records"))))
                .stream()
                .flatMap(records -> JournalCodec.records(records).stream())
                .map(record -> record.message().sequence())
                .toList();
    }

    @Test
    void a_block_filled_ahead_of_the_journal_would_be_seen() throws Exception {
        StoredMessage open =
                find(send(BusUnderTest.message("a", "b")).messageId()).message();
        Happened end =
                new Happened(open.sequence() + 1, MessageEvent.Kind.ACKNOWLEDGED, 1, time.instant(), Optional.empty());
        StoredMessage ended = new JournalEntry.Change(
                        open.sequence(), end, 0, open.expiresAt(), Optional.empty(), Optional.of(time.instant()), 0)
                .applied(open);
        compareWithWhatIsReadAgain(0);
        await(database.write(c -> BlockRepository.fill(
                c,
                new BlockRepository.Filling(
                        1,
                        Retained.ACKNOWLEDGED,
                        List.of(new BlockRepository.Ended(ended, List.of(end), open.sequence())),
                        0,
                        OptionalInt.empty(),
                        List.of()))));
        assertThatThrownBy(() -> compareWithWhatIsReadAgain(1)).hasMessageContaining("blocks hold nothing");
    }

    @Test
    void what_is_read_again_after_any_commit_is_what_was_in_memory() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        List<String> ids = new ArrayList<>();
        List<Batch.Lease> leases = new ArrayList<>();
        for (int step = 0; step < 240; step++) {
            int dice = random.nextInt(100);
            if (dice < 40 || ids.isEmpty()) {
                ids.add(bus.send(BusUnderTest.keyed("a", "b", "key-" + step))
                        .get()
                        .messageId());
            } else if (dice < 50) {
                bus.connected("b", new Batch.Session("edge", step, step));
            } else if (dice < 70 && !leases.isEmpty()) {
                settle(leases.remove(random.nextInt(leases.size())), random.nextBoolean());
            } else if (dice < 80) {
                bus.override(ids.get(random.nextInt(ids.size())), MessageEvent.Kind.FAILED, Optional.of("no"));
            } else if (dice < 85) {
                reviveIfEnded(ids.get(random.nextInt(ids.size())));
            } else {
                time.advance(Duration.ofSeconds(random.nextInt(200)));
                bus.tick();
                store.moveAged();
            }
            leases.addAll(commit().leases());
            if (step % 24 == 23) {
                compareWithWhatIsReadAgain(step);
            }
        }
        assertThat(count("message_blocks")).as("blocks there were").isPositive();
    }

    private void settle(Batch.Lease lease, boolean acknowledge) {
        try {
            bus.settle(new MessageCommands.Settle(
                    acknowledge ? MessageCommands.LeaseAction.ACKNOWLEDGE : MessageCommands.LeaseAction.FAIL,
                    "b",
                    lease.session().epoch(),
                    lease.message().accepted.id().toString(),
                    lease.attempt(),
                    Optional.empty()));
        } catch (FairleadException stale) {
            // its time was over, or the connection replaced
        }
    }

    private void reviveIfEnded(String id) throws Exception {
        commit();
        moved();
        MessageQueries.Whole found = find(id);
        if (found.message().settledAt().isPresent()
                && found.message().status() != MessageEvent.Kind.ACKNOWLEDGED
                && store.hold(found.message().sequence())) {
            bus.revive(found);
        }
    }

    @Test
    void blocks_are_bounded_in_bytes_however_long_the_texts_are() throws Exception {
        String text = "😀".repeat(NewMessage.MAX_TEXT / 2);
        RawJson payload = RawJson.ofText("\"" + "x".repeat(746) + "\"");
        int count = MessageStore.BLOCK_MESSAGES + 1;
        for (int i = 0; i < count; i++) {
            String id = bus.send(new MessageCommands.Send(
                            "a",
                            "b",
                            text,
                            payload,
                            Optional.of(text),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()))
                    .get()
                    .messageId();
            bus.override(id, MessageEvent.Kind.FAILED, Optional.of("😀".repeat(ShownText.MAX_REASON)));
        }
        commit();
        long largest = await(database.write(c -> c.queryOne(
                        "SELECT MAX(OCTET_LENGTH(records)) AS most FROM message_records", row -> row.number("most"))
                .orElseThrow()));
        assertThat(largest).isBetween(1L, MessageStore.BLOCK_BYTES + 4_096L);
        assertThat(walk(Optional.empty(), Optional.of(text), Optional.empty())).hasSize(count);
    }

    @Test
    void blocks_leave_when_the_last_of_them_has_been_kept_long_enough() throws Exception {
        acknowledged(3 * MessageStore.BLOCK_MESSAGES);
        Instant then = time.instant();
        assertThat(pruned(then)).isZero();
        assertThat(pruned(then.plusSeconds(1))).isEqualTo(2);
        assertThat(pruned(then.plusSeconds(1))).isEqualTo(1);
        for (String table : TABLES.subList(3, TABLES.size())) {
            assertThat(count(table)).as(table).isZero();
        }
    }

    private int pruned(Instant before) throws Exception {
        return await(database.write(c -> BlockRepository.prune(c, Retained.ACKNOWLEDGED, before, 2)));
    }
}
