package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import dev.fairlead.protocol.RawJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/** Reads messages: those of late from memory, payloads from the journal, all others from blocks. */
final class MessageQueries {
    /** Blocks looked for at once. */
    private static final int BLOCKS_AT_ONCE = 16;

    /** Blocks whose events are read for the stream's beginning: some 1,500 events each. */
    private static final int RECENT_BLOCKS = 16;

    private final Database database;
    private final Supplier<? extends Kept> kept;

    MessageQueries(Database database, Supplier<? extends Kept> kept) {
        this.database = database;
        this.kept = kept;
    }

    /**
     * One message, whole.
     *
     * @param block that it is in
     */
    record Whole(StoredMessage message, List<Happened> history, RawJson payload, Optional<Long> block) {
        Whole {
            history = List.copyOf(history);
        }

        @Override
        public String toString() {
            return "Whole[" + message + "]";
        }
    }

    private record Found(long block, long lastSequence) {}

    // ---- one message

    Future<Optional<Whole>> find(UUID id) {
        Optional<KeptMessage> found = kept.get().find(id);
        if (found.isEmpty()) {
            return inBlocks(id);
        }
        KeptMessage one = found.get();
        StoredMessage message = one.message;
        List<Happened> history = one.history();
        return payload(one.row, message.sequence())
                .compose(payload -> payload.isPresent()
                        ? Future.succeededFuture(
                                Optional.of(new Whole(message, history, payload.get(), Optional.empty())))
                        : inBlocks(id)); // it has been moved meanwhile
    }

    private Future<Optional<RawJson>> payload(long journalRow, long sequence) {
        return database.read(c -> c.preparedQuery(MessageSql.ROW).execute(Tuple.of(journalRow)))
                .map(rows -> {
                    Map<Long, RawJson> payloads = new HashMap<>();
                    for (Row row : rows) {
                        JournalCodec.payloads(bytes(row, "entries"), Set.of(sequence), payloads);
                    }
                    return Optional.ofNullable(payloads.get(sequence));
                });
    }

    private Future<Optional<Whole>> inBlocks(UUID id) {
        long high = id.getMostSignificantBits();
        return database.read(c -> c.preparedQuery(MessageSql.BLOCKS_OF_ID).execute(Tuple.of(high, high)))
                .compose(rows -> {
                    List<Long> blocks = new ArrayList<>();
                    rows.forEach(row -> blocks.add(row.getLong("block")));
                    return inBlocks(id, blocks, 0);
                });
    }

    private Future<Optional<Whole>> inBlocks(UUID id, List<Long> blocks, int at) {
        if (at == blocks.size()) {
            return Future.succeededFuture(Optional.empty());
        }
        return records(blocks.get(at)).compose(records -> {
            for (MessageRecord record : records) {
                if (record.message().id().equals(id)) {
                    return Future.succeededFuture(Optional.of(new Whole(
                            record.message(), record.history(), record.payload(), Optional.of(blocks.get(at)))));
                }
            }
            return inBlocks(id, blocks, at + 1);
        });
    }

    private Future<List<MessageRecord>> records(long block) {
        return database.read(c -> c.preparedQuery(MessageSql.RECORDS).execute(Tuple.of(block)))
                .map(rows -> {
                    for (Row row : rows) {
                        return JournalCodec.records(bytes(row, "records"));
                    }
                    return List.of(); // pruned meanwhile
                });
    }

    // ---- lists

    Future<MessageCommands.Messages> page(MessageCommands.Page page) {
        long before = page.cursor().map(MessageQueries::cursor).orElse(Long.MAX_VALUE);
        MessageFilter filter = new MessageFilter(page.instance(), page.correlationId(), page.status());
        int limit = page.limit() + 1; // one more tells whether there is a next page
        TreeMap<Long, StoredMessage> found = new TreeMap<>(Comparator.reverseOrder());
        kept.get().newest(before, filter::matches, limit).forEach(one -> found.put(one.sequence(), one));
        return (filter.onlyUnderWay()
                        ? Future.<Void>succeededFuture()
                        : blocks(before, Long.MAX_VALUE, filter, limit, found))
                .map(done -> {
                    List<StoredMessage> shown =
                            found.values().stream().limit(page.limit()).toList();
                    return new MessageCommands.Messages(
                            shown.stream().map(MessageQueries::summary).toList(),
                            found.size() > page.limit()
                                    ? Optional.of(Long.toString(
                                            shown.get(shown.size() - 1).sequence()))
                                    : Optional.empty());
                });
    }

    private Future<Void> blocks(
            long before, long belowLast, MessageFilter filter, int limit, NavigableMap<Long, StoredMessage> found) {
        List<Long> terms = filter.terms();
        Tuple parameters = Tuple.tuple().addLong(before).addLong(belowLast);
        terms.forEach(parameters::addLong);
        parameters.addInteger(BLOCKS_AT_ONCE);
        return database.read(
                        c -> c.preparedQuery(MessageSql.blocks(terms.size())).execute(parameters))
                .compose(rows -> {
                    List<Found> next = new ArrayList<>();
                    rows.forEach(row -> next.add(new Found(row.getLong("block"), row.getLong("last_seq"))));
                    return through(next, 0, before, filter, limit, found).compose(enough -> {
                        if (enough || next.size() < BLOCKS_AT_ONCE) {
                            return Future.succeededFuture();
                        }
                        return blocks(before, next.get(next.size() - 1).lastSequence(), filter, limit, found);
                    });
                });
    }

    /** Block after block, until none that is left can hold one of the newest. */
    private Future<Boolean> through(
            List<Found> blocks,
            int at,
            long before,
            MessageFilter filter,
            int limit,
            NavigableMap<Long, StoredMessage> found) {
        if (at == blocks.size()) {
            return Future.succeededFuture(false);
        }
        while (found.size() > limit) {
            found.pollLastEntry();
        }
        Found next = blocks.get(at);
        if (found.size() == limit && found.lastKey() > next.lastSequence()) {
            return Future.succeededFuture(true);
        }
        return records(next.block()).compose(records -> {
            for (MessageRecord record : records) {
                StoredMessage message = record.message();
                if (message.sequence() < before
                        && filter.matches(message)
                        && kept.get().find(message.sequence()).isEmpty()) {
                    found.putIfAbsent(message.sequence(), message);
                }
            }
            return through(blocks, at + 1, before, filter, limit, found);
        });
    }

    /** The latest events, oldest first. */
    Future<List<MessageEvent>> recent(int most) {
        TreeMap<Long, MessageEvent> inOrder = new TreeMap<>();
        kept.get().allMessages().forEach(one -> events(one.message, one.history(), inOrder, most));
        return database.read(c -> c.preparedQuery(MessageSql.LATEST_BLOCKS).execute(Tuple.of(RECENT_BLOCKS)))
                .compose(rows -> {
                    Future<Void> read = Future.succeededFuture();
                    for (Row row : rows) {
                        long block = row.getLong("block");
                        read = read.compose(done -> records(block)).map(records -> {
                            records.forEach(one -> events(one.message(), one.history(), inOrder, most));
                            return null;
                        });
                    }
                    return read;
                })
                .map(done -> List.copyOf(inOrder.values()));
    }

    private static void events(
            StoredMessage message, List<Happened> history, NavigableMap<Long, MessageEvent> inOrder, int most) {
        inOrder.put(
                message.sequence(),
                event(
                        message,
                        MessageEvent.Kind.ACCEPTED,
                        Optional.empty(),
                        message.accepted().acceptedAt()));
        for (Happened one : history) {
            inOrder.put(one.number(), event(message, one.kind(), one.detail(), one.at()));
        }
        while (inOrder.size() > most) {
            inOrder.pollFirstEntry();
        }
    }

    static MessageCommands.MessageSummary summary(StoredMessage message) {
        return new MessageCommands.MessageSummary(
                message.id().toString(),
                message.sequence(),
                message.accepted().from(),
                message.accepted().to(),
                message.accepted().type(),
                message.accepted().correlationId(),
                message.status(),
                message.attempt(),
                message.accepted().needsToken() ? Optional.of(NewMessage.TOKEN_VALID) : Optional.empty(),
                message.accepted().payloadBytes(),
                message.accepted().acceptedAt(),
                message.expiresAt(),
                message.dueAt(),
                message.settledAt());
    }

    /** The leases there were on a message, and how each ended. */
    static List<MessageCommands.Attempt> attempts(List<Happened> history) {
        List<MessageCommands.Attempt> attempts = new ArrayList<>();
        for (Happened one : history) {
            int last = attempts.size() - 1;
            if (one.kind() == MessageEvent.Kind.DELIVERED) {
                attempts.add(new MessageCommands.Attempt(
                        one.attempt(), one.at(), Optional.empty(), Optional.empty(), Optional.empty()));
            } else if (last >= 0 && attempts.get(last).outcome().isEmpty()) {
                attempts.set(
                        last,
                        new MessageCommands.Attempt(
                                attempts.get(last).attempt(),
                                attempts.get(last).deliveredAt(),
                                Optional.of(one.at()),
                                Optional.of(one.kind()),
                                one.detail()));
            }
        }
        return attempts;
    }

    private static MessageEvent event(
            StoredMessage message, MessageEvent.Kind kind, Optional<String> detail, Instant at) {
        return new MessageEvent(
                message.id().toString(),
                kind,
                message.accepted().from(),
                message.accepted().to(),
                message.accepted().type(),
                message.accepted().correlationId(),
                detail,
                at);
    }

    static byte[] bytes(Row row, String column) {
        return row.getBuffer(column).getBytes();
    }

    private static long cursor(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FairleadException(
                    ErrorCode.BAD_REQUEST, "The cursor is not one this gateway gave; start without one");
        }
    }
}
