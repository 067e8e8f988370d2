package dev.fairlead.gateway.messages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is read, and what cannot be read says so. */
class JournalCodecTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678901Z");

    private static MessageRecord record(MessageEvent.Kind status) {
        return record(status, Optional.empty());
    }

    private static MessageRecord record(MessageEvent.Kind status, Optional<String> traceparent) {
        StoredMessage message = new StoredMessage(
                new AcceptedMessage(
                        300,
                        new UUID(0x0123456789abcdefL, 0xfedcba9876543210L),
                        "a",
                        "b",
                        "type ü",
                        Optional.of("chain"),
                        Optional.empty(),
                        true,
                        6,
                        3_600_000,
                        AT,
                        traceparent),
                status,
                3,
                2,
                AT.plusSeconds(3_600),
                Optional.of(AT.plusMillis(1)),
                Optional.empty());
        return new MessageRecord(
                message,
                List.of(
                        new Happened(301, status, 3, AT, Optional.of("why")),
                        new Happened(Long.MAX_VALUE, MessageEvent.Kind.DELIVERED, 1, AT, Optional.empty())),
                RawJson.ofText("\"😀\""));
    }

    private static byte[] bytes(JournalEntry... entries) {
        ByteWriter out = JournalCodec.begin();
        List.of(entries).forEach(entry -> JournalCodec.write(out, entry));
        return out.toBytes();
    }

    @ParameterizedTest
    @EnumSource(MessageEvent.Kind.class)
    void entries_are_read_as_they_were_written(MessageEvent.Kind kind) {
        MessageRecord record = record(kind);
        JournalEntry.Change change = new JournalEntry.Change(
                300, new Happened(302, kind, 4, AT, Optional.empty()), 1, AT, Optional.empty(), Optional.of(AT), 0);
        JournalEntry.Change leased = new JournalEntry.Change(
                300, new Happened(303, kind, 5, AT, Optional.empty()), 1, AT, Optional.empty(), Optional.empty(), 77);
        List<JournalEntry> read = JournalCodec.entries(bytes(new JournalEntry.Whole(record), change, leased, change));
        MessageRecord whole = ((JournalEntry.Whole) read.get(0)).record();
        assertThat(whole.history()).isEqualTo(record.history());
        assertThat(whole.payload()).isEqualTo(record.payload());
        assertThat(whole.message().status()).isEqualTo(kind);
        assertThat(whole.message().accepted().acceptedAt()).isEqualTo(AT);
        assertThat(whole.message().id()).isEqualTo(record.message().id());
        assertThat(whole.message().accepted().payloadBytes())
                .isEqualTo(record.payload().length());
        assertThat(read.subList(1, read.size())).containsExactly(change, leased, change);
    }

    @Test
    void where_in_a_trace_a_message_was_sent_is_kept_with_it_and_changes_no_other() {
        Optional<String> trace = Optional.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        MessageRecord traced = record(MessageEvent.Kind.ACCEPTED, trace);
        MessageRecord other = record(MessageEvent.Kind.ACKNOWLEDGED);
        byte[] bytes = bytes(new JournalEntry.Whole(traced), new JournalEntry.Whole(other));
        assertThat(JournalCodec.records(bytes))
                .extracting(record -> record.message().accepted().traceparent())
                .containsExactly(trace, Optional.empty());
        assertThat(JournalCodec.records(bytes))
                .extracting(MessageRecord::history)
                .containsExactly(traced.history(), other.history());
    }

    @Test
    void one_payload_is_found_among_others() {
        MessageRecord record = record(MessageEvent.Kind.ACCEPTED);
        Map<Long, RawJson> found = new HashMap<>();
        byte[] bytes = bytes(new JournalEntry.Whole(record));
        JournalCodec.payloads(bytes, Set.of(1L), found);
        assertThat(found).isEmpty();
        JournalCodec.payloads(bytes, Set.of(1L, 300L), found);
        assertThat(found.get(300L)).isEqualTo(record.payload());
    }

    @Test
    void a_row_says_under_which_right_it_was_written() {
        JournalEntry entry = new JournalEntry.Whole(record(MessageEvent.Kind.ACCEPTED));
        for (JournalHead head : List.of(
                JournalHead.alone(300, AT),
                JournalHead.of(0, 1, 1, AT),
                JournalHead.of(63, Long.MAX_VALUE, Long.MAX_VALUE, AT),
                new JournalHead(
                        Optional.of(5),
                        7,
                        300,
                        AT,
                        "messages",
                        Optional.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")))) {
            ByteWriter out = JournalCodec.begin(head);
            JournalCodec.write(out, entry);
            assertThat(JournalCodec.head(out.toBytes())).contains(head);
            assertThat(JournalCodec.entries(out.toBytes()))
                    .singleElement()
                    .isInstanceOfSatisfying(JournalEntry.Whole.class, whole -> assertThat(
                                    whole.record().message().sequence())
                            .isEqualTo(300));
            Map<Long, RawJson> found = new HashMap<>();
            JournalCodec.payloads(out.toBytes(), Set.of(300L), found);
            assertThat(found).containsOnlyKeys(300L);
        }
    }

    /** As a gateway wrote it before rows had a head: a change of message 300. */
    private static final byte[] BEFORE = HexFormat.of()
            .parseHex("01" + "02" + "ac02" + "ae02" + "02" + "04" + "b59eddb2efeb9103" + "00" + "01"
                    + "b59eddb2efeb9103" + "00" + "01" + "b59eddb2efeb9103");

    @Test
    void a_row_from_before_rows_had_a_head_is_read() {
        Instant at = Instant.EPOCH.plus(1767323045678901L, ChronoUnit.MICROS);
        assertThat(at).isEqualTo(AT);
        assertThat(JournalCodec.head(BEFORE)).isEmpty();
        assertThat(JournalCodec.entries(BEFORE))
                .containsExactly(new JournalEntry.Change(
                        300,
                        new Happened(302, MessageEvent.Kind.ACKNOWLEDGED, 4, AT, Optional.empty()),
                        1,
                        AT,
                        Optional.empty(),
                        Optional.of(AT),
                        0));
    }

    @Test
    void a_row_of_no_shard_there_is_or_of_another_concern_is_refused() {
        byte[] shard = JournalCodec.begin(JournalHead.of(63, 1, 1, AT)).toBytes();
        shard[1]++;
        assertThatThrownBy(() -> JournalCodec.entries(shard)).hasMessageContaining("shard 64");
        byte[] concern = JournalCodec.begin(new JournalHead(Optional.empty(), 0, 1, AT, "orders", Optional.empty()))
                .toBytes();
        assertThatThrownBy(() -> JournalCodec.entries(concern)).hasMessageContaining("orders");
    }

    @Test
    void another_format_is_refused_with_what_to_do() {
        byte[] bytes = bytes(new JournalEntry.Whole(record(MessageEvent.Kind.ACCEPTED)));
        bytes[0] = JournalCodec.FORMAT + 1;
        assertThatThrownBy(() -> JournalCodec.entries(bytes))
                .hasMessageContaining("format 3")
                .hasMessageContaining("newer gateway");
    }

    @Test
    void bytes_cut_off_anywhere_are_refused() {
        byte[] bytes = bytes(new JournalEntry.Whole(record(MessageEvent.Kind.FAILED)));
        for (int length = 2; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> JournalCodec.entries(cut))
                    .as("%s of %s bytes", length, bytes.length)
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
