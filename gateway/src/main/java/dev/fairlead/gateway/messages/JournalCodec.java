package dev.fairlead.gateway.messages;

import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The bytes of journal rows and blocks: a format's number, in rows a {@link JournalHead}, then entry after entry. What
 * was written once is read for as long as messages are kept, so that a change needs a new number, and reads the old
 * ones.
 */
final class JournalCodec {
    /** Of blocks, and of rows from before they had a head. */
    static final int HEADLESS = 1;

    /** Of rows. */
    static final int FORMAT = 2;

    private static final int WHOLE = 1;
    private static final int CHANGE = 2;
    /** As {@link #WHOLE}, of a message that was sent in the course of a trace. */
    private static final int TRACED = 3;
    /** As {@link #CHANGE}, and to which connection it is leased. */
    private static final int LEASED = 4;
    /** Their order is that of the format: new ones come at the end. */
    private static final List<MessageEvent.Kind> KINDS = List.of(
            MessageEvent.Kind.ACCEPTED,
            MessageEvent.Kind.DELIVERED,
            MessageEvent.Kind.ACKNOWLEDGED,
            MessageEvent.Kind.RETRY_SCHEDULED,
            MessageEvent.Kind.FAILED,
            MessageEvent.Kind.EXPIRED,
            MessageEvent.Kind.DEAD_LETTERED);

    /** Of one that nobody asked for. */
    private static final RawJson NO_PAYLOAD = RawJson.of(new byte[0]);

    private static final Map<MessageEvent.Kind, Integer> NUMBERS = numbers();

    private JournalCodec() {}

    /** Begins a block. */
    static ByteWriter begin() {
        return new ByteWriter().octet(HEADLESS);
    }

    /** Begins a row. */
    static ByteWriter begin(JournalHead head) {
        ByteWriter out = new ByteWriter().octet(FORMAT);
        head.write(out);
        return out;
    }

    /** What stands before the entries; empty where they were written without. */
    static Optional<JournalHead> head(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        return in.octet() == FORMAT ? Optional.of(JournalHead.read(in)) : Optional.empty();
    }

    static void write(ByteWriter out, JournalEntry entry) {
        if (entry instanceof JournalEntry.Whole whole) {
            write(out, whole.record());
        } else if (entry instanceof JournalEntry.Change change) {
            boolean leased = change.epoch() != Batch.Note.NO_EPOCH;
            out.octet(leased ? LEASED : CHANGE).number(change.sequence());
            happened(out, change.happened());
            out.number(change.failures())
                    .instant(change.expiresAt())
                    .optionalInstant(change.dueAt())
                    .optionalInstant(change.settledAt());
            if (leased) {
                out.number(change.epoch());
            }
        }
    }

    static void write(ByteWriter out, MessageRecord record) {
        StoredMessage message = record.message();
        AcceptedMessage accepted = message.accepted();
        out.octet(accepted.traceparent().isPresent() ? TRACED : WHOLE)
                .number(accepted.sequence())
                .json(record.payload())
                .id(accepted.id())
                .text(accepted.from())
                .text(accepted.to())
                .text(accepted.type())
                .optionalText(accepted.correlationId())
                .optionalText(accepted.dedupe().map(IdempotencyKey::text))
                .octet(accepted.needsToken() ? 1 : 0)
                .octet(NUMBERS.get(message.status()))
                .number(message.attempt())
                .number(message.failures())
                .number(accepted.ttlMillis())
                .instant(accepted.acceptedAt())
                .instant(message.expiresAt())
                .optionalInstant(message.dueAt())
                .optionalInstant(message.settledAt());
        accepted.traceparent().ifPresent(out::text);
        out.number(record.history().size());
        record.history().forEach(one -> happened(out, one));
    }

    /**
     * All entries of a row or block.
     *
     * @throws IllegalStateException if it is of a format this gateway does not know, or broken
     */
    static List<JournalEntry> entries(byte[] bytes) {
        ByteReader in = open(bytes);
        List<JournalEntry> entries = new ArrayList<>();
        while (in.hasMore()) {
            int kind = kindOfEntry(in);
            if (isWhole(kind)) {
                long sequence = in.number();
                entries.add(new JournalEntry.Whole(record(in, kind, sequence, in.json())));
            } else {
                entries.add(change(in, kind));
            }
        }
        return entries;
    }

    /** The records of a block. */
    static List<MessageRecord> records(byte[] bytes) {
        List<MessageRecord> records = new ArrayList<>();
        for (JournalEntry entry : entries(bytes)) {
            if (entry instanceof JournalEntry.Whole whole) {
                records.add(whole.record());
            }
        }
        return records;
    }

    /** Adds the payloads of those messages that the bytes hold. */
    static void payloads(byte[] bytes, Set<Long> wanted, Map<Long, RawJson> found) {
        ByteReader in = open(bytes);
        while (in.hasMore()) {
            int kind = kindOfEntry(in);
            if (isWhole(kind)) {
                long sequence = in.number();
                if (wanted.contains(sequence)) {
                    RawJson payload = in.json();
                    record(in, kind, sequence, payload);
                    found.put(sequence, payload);
                } else {
                    in.skip();
                    record(in, kind, sequence, NO_PAYLOAD);
                }
            } else {
                change(in, kind);
            }
        }
    }

    static ByteReader open(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int format = in.octet();
        if (format == FORMAT) {
            JournalHead.read(in);
        } else if (format != HEADLESS) {
            throw new IllegalStateException("The messages in this database are in format " + format
                    + "; this gateway reads " + FORMAT + ". Start the newer gateway that wrote them");
        }
        return in;
    }

    private static int kindOfEntry(ByteReader in) {
        int kind = in.octet();
        if (kind < WHOLE || kind > LEASED) {
            throw new IllegalStateException(
                    "A journal entry is of the unknown kind " + kind + ". Start the newer gateway that wrote it");
        }
        return kind;
    }

    private static boolean isWhole(int kind) {
        return kind == WHOLE || kind == TRACED;
    }

    private static MessageRecord record(ByteReader in, int kind, long sequence, RawJson payload) {
        UUID id = in.id();
        String from = in.text();
        String to = in.text();
        String type = in.text();
        Optional<String> correlationId = in.optionalText();
        Optional<IdempotencyKey> dedupe = in.optionalText().map(IdempotencyKey::parse);
        boolean needsToken = in.octet() == 1;
        MessageEvent.Kind status = kind(in);
        int attempt = in.count();
        int failures = in.count();
        long ttlMillis = in.number();
        Instant acceptedAt = in.instant();
        Instant expiresAt = in.instant();
        Optional<Instant> dueAt = in.optionalInstant();
        Optional<Instant> settledAt = in.optionalInstant();
        AcceptedMessage accepted = new AcceptedMessage(
                sequence,
                id,
                from,
                to,
                type,
                correlationId,
                dedupe,
                needsToken,
                payload.length(),
                ttlMillis,
                acceptedAt,
                kind == TRACED ? Optional.of(in.text()) : Optional.empty());
        StoredMessage message = new StoredMessage(accepted, status, attempt, failures, expiresAt, dueAt, settledAt);
        int size = in.count();
        List<Happened> history = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            history.add(happened(in));
        }
        return new MessageRecord(message, history, payload);
    }

    private static JournalEntry.Change change(ByteReader in, int kind) {
        return new JournalEntry.Change(
                in.number(),
                happened(in),
                in.count(),
                in.instant(),
                in.optionalInstant(),
                in.optionalInstant(),
                kind == LEASED ? in.number() : Batch.Note.NO_EPOCH);
    }

    private static void happened(ByteWriter out, Happened one) {
        out.number(one.number())
                .octet(NUMBERS.get(one.kind()))
                .number(one.attempt())
                .instant(one.at())
                .optionalText(one.detail());
    }

    private static Happened happened(ByteReader in) {
        return new Happened(in.number(), kind(in), in.count(), in.instant(), in.optionalText());
    }

    static void kind(ByteWriter out, MessageEvent.Kind kind) {
        out.octet(NUMBERS.get(kind));
    }

    static MessageEvent.Kind kind(ByteReader in) {
        int number = in.octet();
        if (number >= KINDS.size()) {
            throw new IllegalStateException("What happened to a message is of the unknown kind " + number);
        }
        return KINDS.get(number);
    }

    private static Map<MessageEvent.Kind, Integer> numbers() {
        Map<MessageEvent.Kind, Integer> numbers = new EnumMap<>(MessageEvent.Kind.class);
        for (MessageEvent.Kind kind : KINDS) {
            numbers.put(kind, numbers.size());
        }
        return numbers;
    }
}
