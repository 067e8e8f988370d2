package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.MessageEvent;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Reads messages. */
final class MessageQueries {
    private final Database database;

    MessageQueries(Database database) {
        this.database = database;
    }

    /** All that has not ended, in order of acceptance, and the last number used. */
    record Open(List<StoredMessage> messages, long lastNumber) {}

    /** One message and its payload. */
    record Whole(StoredMessage message, String payload) {
        @Override
        public String toString() {
            return "Whole[" + message + "]";
        }
    }

    Future<Open> open() {
        return database.read(c -> c.query(MessageSql.LAST_NUMBERS).execute().compose(numbers -> c.query(MessageSql.OPEN)
                .execute()
                .map(rows -> new Open(all(rows), last(numbers.iterator().next())))));
    }

    Future<Optional<Whole>> find(UUID id) {
        return database.read(
                c -> c.preparedQuery(MessageSql.ONE).execute(Tuple.of(id)).map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(new Whole(message(row), row.getString("payload")));
                    }
                    return Optional.empty();
                }));
    }

    /** The leases there were on a message, and how each ended. */
    Future<List<MessageCommands.Attempt>> attempts(long sequence) {
        return database.read(c -> c.preparedQuery(MessageSql.EVENTS_OF_ONE)
                .execute(Tuple.of(sequence))
                .map(MessageQueries::attempts));
    }

    Future<MessageCommands.Messages> page(MessageCommands.Page page) {
        long before = page.cursor().map(MessageQueries::cursor).orElse(Long.MAX_VALUE);
        int limit = page.limit() + 1; // one more tells whether there is a next page
        String sql = MessageSql.page(
                page.instance().isPresent(),
                page.correlationId().isPresent(),
                page.status().isPresent());
        Tuple parameters = Tuple.tuple();
        for (int half = 0; half < (page.instance().isPresent() ? 2 : 1); half++) {
            parameters.addLong(before);
            page.correlationId().ifPresent(parameters::addString);
            page.status().ifPresent(status -> parameters.addString(status.wire()));
            page.instance().ifPresent(parameters::addString);
            parameters.addInteger(limit);
        }
        if (page.instance().isPresent()) {
            parameters.addInteger(limit);
        }
        return database.read(c -> c.preparedQuery(sql).execute(parameters).map(rows -> {
            List<StoredMessage> found = all(rows);
            boolean more = found.size() > page.limit();
            List<StoredMessage> shown = more ? found.subList(0, page.limit()) : found;
            return new MessageCommands.Messages(
                    shown.stream().map(MessageQueries::summary).toList(),
                    more ? Optional.of(Long.toString(shown.get(shown.size() - 1).sequence())) : Optional.empty());
        }));
    }

    /** The latest events, oldest first. */
    Future<List<MessageEvent>> recent(int most) {
        return database.read(c -> c.preparedQuery(MessageSql.RECENT_EVENTS)
                .execute(Tuple.of(most))
                .compose(events -> c.preparedQuery(MessageSql.RECENT_ACCEPTED)
                        .execute(Tuple.of(most))
                        .map(accepted -> latest(events, accepted, most))));
    }

    static MessageCommands.MessageSummary summary(StoredMessage message) {
        return new MessageCommands.MessageSummary(
                message.id().toString(),
                message.sequence(),
                message.from(),
                message.to(),
                message.type(),
                message.correlationId(),
                message.status(),
                message.attempt(),
                message.needsToken() ? Optional.of(NewMessage.TOKEN_VALID) : Optional.empty(),
                message.payloadBytes(),
                message.acceptedAt(),
                message.expiresAt(),
                message.dueAt(),
                message.settledAt());
    }

    private static List<MessageEvent> latest(RowSet<Row> events, RowSet<Row> accepted, int most) {
        TreeMap<Long, MessageEvent> inOrder = new TreeMap<>();
        for (Row row : events) {
            inOrder.put(
                    row.getLong("number"),
                    event(
                            row,
                            MessageRepository.kind(row.getString("event")),
                            Optional.ofNullable(row.getString("detail")),
                            instant(row, "at")));
        }
        for (Row row : accepted) {
            inOrder.put(
                    row.getLong("seq"),
                    event(row, MessageEvent.Kind.ACCEPTED, Optional.empty(), instant(row, "accepted_at")));
        }
        while (inOrder.size() > most) {
            inOrder.pollFirstEntry();
        }
        return List.copyOf(inOrder.values());
    }

    private static MessageEvent event(Row row, MessageEvent.Kind kind, Optional<String> detail, Instant at) {
        return new MessageEvent(
                row.getUUID("message_id").toString(),
                kind,
                row.getString("sender"),
                row.getString("recipient"),
                row.getString("type"),
                Optional.ofNullable(row.getString("correlation_id")),
                detail,
                at);
    }

    private static List<MessageCommands.Attempt> attempts(RowSet<Row> rows) {
        List<MessageCommands.Attempt> attempts = new ArrayList<>();
        for (Row row : rows) {
            MessageEvent.Kind kind = MessageRepository.kind(row.getString("event"));
            int last = attempts.size() - 1;
            if (kind == MessageEvent.Kind.DELIVERED) {
                attempts.add(new MessageCommands.Attempt(
                        row.getInteger("attempt"),
                        instant(row, "at"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
            } else if (last >= 0 && attempts.get(last).outcome().isEmpty()) {
                attempts.set(
                        last,
                        new MessageCommands.Attempt(
                                attempts.get(last).attempt(),
                                attempts.get(last).deliveredAt(),
                                Optional.of(instant(row, "at")),
                                Optional.of(kind),
                                Optional.ofNullable(row.getString("detail"))));
            }
        }
        return attempts;
    }

    private static List<StoredMessage> all(RowSet<Row> rows) {
        List<StoredMessage> messages = new ArrayList<>();
        rows.forEach(row -> messages.add(message(row)));
        return messages;
    }

    private static StoredMessage message(Row row) {
        return new StoredMessage(
                row.getLong("seq"),
                row.getUUID("message_id"),
                row.getString("sender"),
                row.getString("recipient"),
                row.getString("type"),
                Optional.ofNullable(row.getString("correlation_id")),
                Optional.ofNullable(row.getString("dedupe")),
                row.getBoolean("needs_token"),
                row.getInteger("payload_bytes"),
                MessageRepository.kind(row.getString("status")),
                row.getInteger("attempt"),
                row.getInteger("failures"),
                row.getLong("ttl_ms"),
                instant(row, "accepted_at"),
                instant(row, "expires_at"),
                Optional.ofNullable(row.getOffsetDateTime("due_at")).map(at -> at.toInstant()),
                Optional.ofNullable(row.getOffsetDateTime("settled_at")).map(at -> at.toInstant()));
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }

    private static long last(Row row) {
        return Math.max(number(row, "messages"), number(row, "events"));
    }

    private static long number(Row row, String column) {
        return Optional.ofNullable(row.getLong(column)).orElse(0L);
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
