package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds of messages on every database. */
abstract class MessageRepositoryContract extends StoredMessages {
    @Test
    void what_was_written_is_found_whole() throws Exception {
        String id = send(new MessageCommands.Send(
                        "a",
                        "b",
                        "t",
                        RawJson.ofText("{\"text\":\"\\u0000 ä 😀\"}"),
                        Optional.of("chain"),
                        Optional.of("k"),
                        Optional.of(Duration.ofSeconds(90)),
                        Optional.of("token.valid")))
                .messageId();
        MessageQueries.Whole whole =
                await(queries.find(ShownText.uuid(id).orElseThrow())).orElseThrow();
        assertThat(whole.payload().text()).isEqualTo("{\"text\":\"\\u0000 ä 😀\"}");
        assertThat(whole.message().accepted().correlationId()).contains("chain");
        assertThat(whole.message().accepted().ttlMillis()).isEqualTo(90_000);
        assertThat(whole.message().accepted().needsToken()).isTrue();
        assertThat(await(store.load()).messages()).containsExactly(whole.message());
    }

    @Test
    void messages_in_rows_from_before_rows_had_a_head_go_on() throws Exception {
        MessageCommands.Sent sent = send(BusUnderTest.keyed("a", "b", "k"));
        for (long number : await(
                database.write(c -> c.query("SELECT number FROM message_journal", row -> row.number("number"))))) {
            byte[] entries = await(database.write(c -> c.queryOne(
                            "SELECT entries FROM message_journal WHERE number = ?",
                            row -> row.bytes("entries"),
                            number)))
                    .orElseThrow();
            assertThat(JournalCodec.head(entries)).contains(JournalHead.alone(number, time.instant()));
            ByteWriter before = JournalCodec.begin();
            JournalCodec.entries(entries).forEach(entry -> JournalCodec.write(before, entry));
            await(database.write(c ->
                    c.update("UPDATE message_journal SET entries = ? WHERE number = ?", before.toBytes(), number)));
        }
        restart(MANY_KEYS);
        assertThat(send(BusUnderTest.keyed("a", "b", "k")).messageId()).isEqualTo(sent.messageId());
        bus.connected("b", new Batch.Session("edge", 1, 1));
        commit();
        bus.settle(new MessageCommands.Settle(
                MessageCommands.LeaseAction.ACKNOWLEDGE, "b", 1, sent.messageId(), 1, Optional.empty()));
        commit();
        restart(MANY_KEYS);
        assertThat(find(sent.messageId()).message().status()).isEqualTo(MessageEvent.Kind.ACKNOWLEDGED);
    }

    @Test
    void a_key_is_known_for_24_hours() throws Exception {
        MessageCommands.Sent first = send(BusUnderTest.keyed("a", "b", "k"));
        assertThat(send(BusUnderTest.keyed("a", "b", "k")))
                .isEqualTo(new MessageCommands.Sent(first.messageId(), MessageEvent.Kind.ACCEPTED, true));
        time.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(send(BusUnderTest.keyed("a", "b", "k")).known()).isFalse();
        assertThat(send(BusUnderTest.keyed("a", "b", "k")).known()).isTrue();
    }

    @Test
    void a_payload_that_is_not_in_memory_is_read_with_the_lease() throws Exception {
        for (int i = 0; i < 100; i++) {
            send(BusUnderTest.message("a", "b"));
        }
        bus.connected("b", new Batch.Session("edge", 1, 1));
        List<Batch.Lease> leases = commit().leases();
        assertThat(leases).hasSize(64).allMatch(lease -> lease.payload().equals(Optional.of(RawJson.ofText("{}"))));
    }

    @Test
    void leases_and_ends_make_its_attempts_and_the_latest_events() throws Exception {
        bus.connected("b", new Batch.Session("edge", 1, 1));
        MessageCommands.Sent sent = send(BusUnderTest.message("a", "b"));
        bus.settle(new MessageCommands.Settle(
                MessageCommands.LeaseAction.FAIL, "b", 1, sent.messageId(), 1, Optional.of("busy")));
        commit();
        MessageQueries.Whole whole = find(sent.messageId());
        StoredMessage kept = whole.message();
        assertThat(kept.status()).isEqualTo(MessageEvent.Kind.RETRY_SCHEDULED);
        assertThat(kept.dueAt()).isPresent();
        List<MessageCommands.Attempt> attempts = MessageQueries.attempts(whole.history());
        assertThat(attempts).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).contains(MessageEvent.Kind.RETRY_SCHEDULED);
            assertThat(attempt.detail()).contains("busy");
        });
        assertThat(await(queries.recent(10)))
                .extracting(MessageEvent::event)
                .containsExactly(
                        MessageEvent.Kind.ACCEPTED, MessageEvent.Kind.DELIVERED, MessageEvent.Kind.RETRY_SCHEDULED);
        assertThat(await(store.load()).lastNumber()).isEqualTo(3);
    }

    @Test
    void pages_are_filtered_and_go_on_where_they_ended() throws Exception {
        bus.know("a");
        for (int i = 0; i < 5; i++) {
            send(BusUnderTest.message("a", "b"));
            send(BusUnderTest.message("b", "a"));
            send(BusUnderTest.message("c", "b"));
        }
        MessageCommands.Messages page = await(queries.page(new MessageCommands.Page(
                Optional.of("a"), Optional.empty(), Optional.of(MessageEvent.Kind.ACCEPTED), 7, Optional.empty())));
        assertThat(page.messages())
                .hasSize(7)
                .isSortedAccordingTo((x, y) -> Long.compare(y.sequence(), x.sequence()))
                .allMatch(one -> one.from().equals("a") || one.to().equals("a"));
        MessageCommands.Messages rest = await(queries.page(
                new MessageCommands.Page(Optional.of("a"), Optional.empty(), Optional.empty(), 7, page.cursor())));
        assertThat(rest.messages()).hasSize(3);
        assertThat(rest.cursor()).isEmpty();
    }
}
