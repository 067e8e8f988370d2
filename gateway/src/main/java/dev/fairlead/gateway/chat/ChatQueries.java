package dev.fairlead.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fairlead.gateway.chat.turn.Said;
import dev.fairlead.gateway.store.Database;
import dev.fairlead.protocol.ErrorCode;
import dev.fairlead.protocol.FairleadException;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads sessions and messages. */
final class ChatQueries {
    private static final OffsetDateTime LAST_TIME = OffsetDateTime.of(9999, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

    private final Database database;

    ChatQueries(Database database) {
        this.database = database;
    }

    /** A session and whose it is. */
    record Owned(ChatCommands.Session session, String owner) {}

    /**
     * A call that has not come to its end.
     *
     * @param expiresAt until when it waits for a person, where it does
     */
    record Waiting(String sessionId, String turnId, ToolUse use, Optional<Instant> expiresAt, long n) {}

    Future<Optional<Owned>> find(String sessionId) {
        return database.read(c -> c.preparedQuery(ChatSql.SESSION)
                .execute(Tuple.of(sessionId))
                .map(rows -> {
                    for (Row row : rows) {
                        return Optional.of(owned(row));
                    }
                    return Optional.empty();
                }));
    }

    /** Fails with {@code session_not_found} or {@code forbidden}. */
    Future<ChatCommands.Session> require(String sessionId, String owner) {
        return find(sessionId).map(found -> {
            Owned session = found.orElseThrow(() -> notFound(sessionId));
            ChatRepository.requireOwner(session.owner(), owner);
            return session.session();
        });
    }

    /** The node that has a session; empty where nobody does. */
    Future<String> home(String sessionId) {
        return text(ChatSql.HOME, "home", sessionId);
    }

    /** The node that has a turn's session; empty where nobody does. */
    Future<String> homeOfTurn(String turnId) {
        return text(ChatSql.HOME_OF_TURN, "home", turnId);
    }

    /** Up to which number frames of a session may have been shown. */
    Future<Long> numbers(String sessionId) {
        return database.read(c -> c.preparedQuery(ChatSql.NUMBERS)
                .execute(Tuple.of(sessionId))
                .map(rows -> rows.size() == 0 ? 0L : rows.iterator().next().getLong("numbers")));
    }

    private Future<String> text(String query, String column, String parameter) {
        return database.read(c -> c.preparedQuery(query)
                .execute(Tuple.of(parameter))
                .map(rows -> rows.size() == 0 ? "" : rows.iterator().next().getString(column)));
    }

    /** The turn that a key of this owner's has made already. */
    Future<Optional<String>> turnOf(String sessionId, String owner, String key) {
        return find(sessionId)
                .compose(found -> found.filter(session -> session.owner().equals(owner))
                        .map(own -> database.read(c -> c.preparedQuery(ChatSql.KNOWN_KEY)
                                .execute(Tuple.of(sessionId, key))
                                .map(rows -> rows.size() == 0
                                        ? Optional.<String>empty()
                                        : Optional.of(rows.iterator().next().getString("turn_id")))))
                        .orElse(Future.succeededFuture(Optional.empty())));
    }

    Future<ChatCommands.Sessions> sessions(ChatCommands.ListSessions asked) {
        Cursor cursor = asked.cursor().map(ChatQueries::cursor).orElse(new Cursor(LAST_TIME, ""));
        Tuple parameters = Tuple.of(asked.owner(), cursor.time(), cursor.time(), cursor.id(), asked.limit() + 1);
        return database.read(
                c -> c.preparedQuery(ChatSql.SESSIONS).execute(parameters).map(rows -> {
                    List<ChatCommands.Session> found = new ArrayList<>();
                    rows.forEach(row -> found.add(owned(row).session()));
                    boolean more = found.size() > asked.limit();
                    List<ChatCommands.Session> page = more ? found.subList(0, asked.limit()) : found;
                    return new ChatCommands.Sessions(
                            page, more ? Optional.of(text(page.get(page.size() - 1))) : Optional.empty());
                }));
    }

    /** The latest messages before a cursor, oldest first. */
    Future<ChatCommands.Messages> messages(ChatCommands.GetMessages asked) {
        long before = asked.before().map(ChatQueries::position).orElse(Long.MAX_VALUE);
        return require(asked.sessionId(), asked.owner())
                .compose(session -> database.read(c -> c.preparedQuery(ChatSql.MESSAGES)
                        .execute(Tuple.of(asked.sessionId(), before, asked.limit() + 1))
                        .compose(rows -> c.preparedQuery(ChatSql.PIECES)
                                .execute(Tuple.of(session.turnId().orElse("")))
                                .map(pieces -> {
                                    Deque<ChatCommands.Message> page = new ArrayDeque<>();
                                    rows.forEach(row -> page.addFirst(message(row)));
                                    boolean more = page.size() > asked.limit();
                                    if (more) {
                                        page.removeFirst();
                                    }
                                    StringBuilder partial = new StringBuilder();
                                    pieces.forEach(row -> partial.append(row.getString("content")));
                                    return new ChatCommands.Messages(
                                            session,
                                            List.copyOf(page),
                                            Optional.of(partial.toString()).filter(text -> !text.isEmpty()),
                                            more
                                                    ? Optional.of(Long.toString(
                                                            page.getFirst().position()))
                                                    : Optional.empty());
                                }))));
    }

    /** The messages after a position, oldest first; no partial, no cursor. */
    Future<ChatCommands.Messages> messagesAfter(ChatCommands.GetMessagesAfter asked) {
        return require(asked.sessionId(), asked.owner())
                .compose(session -> database.read(c -> c.preparedQuery(ChatSql.MESSAGES_AFTER)
                        .execute(Tuple.of(asked.sessionId(), asked.after(), asked.limit()))
                        .map(rows -> {
                            List<ChatCommands.Message> page = new ArrayList<>();
                            rows.forEach(row -> page.add(message(row)));
                            return new ChatCommands.Messages(session, page, Optional.empty(), Optional.empty());
                        })));
    }

    /**
     * What an agent is given of what was said before a turn.
     *
     * @param provider whose turns alone it is given; empty for all
     */
    Future<List<Said>> history(String sessionId, String turnId, Optional<String> provider) {
        Tuple parameters = Tuple.of(sessionId, turnId);
        provider.ifPresent(parameters::addString);
        parameters.addInteger(ChatLimits.HISTORY_MESSAGES);
        String history = provider.isPresent() ? ChatSql.HISTORY_OF_PROVIDER : ChatSql.HISTORY;
        return database.read(c -> c.preparedQuery(history).execute(parameters).map(rows -> {
            List<ChatCommands.Message> newestFirst = new ArrayList<>();
            Map<String, JsonNode> origins = new HashMap<>();
            for (Row row : rows) {
                newestFirst.add(message(row));
                Optional.ofNullable(row.getString("origin"))
                        .ifPresent(origin -> origins.put(row.getString("tool_id"), FrameCodec.tree(origin)));
            }
            return history(newestFirst, origins);
        }));
    }

    /** The calls of a turn that have come to their end, in the order in which they were made. */
    Future<List<StoredCall>> callsOf(String sessionId, String turnId) {
        return database.read(c -> c.preparedQuery(ChatSql.OF_TURN)
                .execute(Tuple.of(sessionId, turnId))
                .map(rows -> {
                    List<StoredCall> found = new ArrayList<>();
                    Map<String, Row> calls = new LinkedHashMap<>();
                    Map<String, String> outputs = new HashMap<>();
                    for (Row row : rows) {
                        if (row.getString("role").equals("tool_call")) {
                            calls.put(row.getString("tool_id"), row);
                        } else if (row.getString("role").equals("tool_result")) {
                            outputs.put(row.getString("tool_id"), row.getString("content"));
                        }
                    }
                    calls.forEach((id, row) -> Optional.ofNullable(outputs.get(id))
                            .ifPresent(output -> found.add(StoredCall.of(
                                    id,
                                    row.getString("tool_name"),
                                    FrameCodec.tree(row.getString("content")),
                                    row.getString("status"),
                                    output,
                                    Optional.ofNullable(row.getString("origin")).map(FrameCodec::tree)))));
                    return found;
                }));
    }

    /** Calls in a state, over all sessions. */
    Future<List<Waiting>> calls(String status) {
        return database.read(c -> c.preparedQuery(ChatSql.CALLS_IN_STATE)
                .execute(Tuple.of(status))
                .map(rows -> {
                    List<Waiting> found = new ArrayList<>();
                    rows.forEach(row -> found.add(new Waiting(
                            row.getString("session_id"),
                            row.getString("turn_id"),
                            new ToolUse(
                                    row.getString("tool_id"),
                                    row.getString("tool_name"),
                                    FrameCodec.tree(row.getString("content")),
                                    !row.getString("tool_id").startsWith(ToolUse.GATEWAYS)),
                            Optional.ofNullable(row.getOffsetDateTime("expires_at"))
                                    .map(OffsetDateTime::toInstant),
                            Optional.ofNullable(row.getLong("n")).orElse(0L))));
                    return found;
                }));
    }

    static FairleadException notFound(String sessionId) {
        return new FairleadException(ErrorCode.SESSION_NOT_FOUND, "No chat session '" + sessionId + "'");
    }

    /** Cuts to the bounds from the newest on, and pairs calls with results. */
    static List<Said> history(List<ChatCommands.Message> newestFirst, Map<String, JsonNode> origins) {
        Map<String, ChatCommands.Message> calls = new HashMap<>();
        newestFirst.stream()
                .filter(message -> message.role().equals("tool_call"))
                .forEach(message -> calls.put(message.toolCallId().orElse(""), message));
        Deque<Said> history = new ArrayDeque<>();
        long characters = 0;
        for (ChatCommands.Message message : newestFirst) {
            ChatCommands.Message call = calls.get(message.toolCallId().orElse(""));
            characters += message.content().length()
                    + (message.role().equals("tool_result") && call != null
                            ? call.args().toString().length()
                            : 0);
            if (characters > ChatLimits.HISTORY_CHARACTERS) {
                break;
            }
            switch (message.role()) {
                case "user" -> history.addFirst(new Said.User(message.content()));
                case "assistant" -> {
                    if (!message.content().isEmpty()) {
                        history.addFirst(new Said.Assistant(message.content()));
                    }
                }
                case "tool_result" -> {
                    if (call != null) { // its call is within the bounds too: both or none
                        String id = call.toolCallId().orElseThrow();
                        String name = call.toolName().orElseThrow();
                        history.addFirst(new Said.ToolAnswered(id, name, message.content()));
                        history.addFirst(new Said.ToolCalled(
                                id,
                                name,
                                call.args().orElseGet(FrameCodec::object),
                                Optional.ofNullable(origins.get(id))));
                    }
                }
                default -> {} // a call comes with its result; errors are for people
            }
        }
        return List.copyOf(history);
    }

    private static Owned owned(Row row) {
        return new Owned(
                new ChatCommands.Session(
                        row.getString("session_id"),
                        Optional.ofNullable(row.getString("name")),
                        row.getString("agent"),
                        ChatState.of(row.getString("state")),
                        Optional.ofNullable(row.getString("turn_id")),
                        Optional.ofNullable(row.getString("reason")),
                        row.getInteger("message_count"),
                        row.getOffsetDateTime("created_at").toInstant(),
                        row.getOffsetDateTime("updated_at").toInstant()),
                row.getString("owner"));
    }

    private static ChatCommands.Message message(Row row) {
        String role = row.getString("role");
        boolean call = role.equals("tool_call");
        return new ChatCommands.Message(
                row.getLong("position"),
                row.getString("turn_id"),
                role,
                call ? "" : row.getString("content"),
                Optional.ofNullable(row.getString("tool_id")),
                Optional.ofNullable(row.getString("tool_name")),
                call ? Optional.of(FrameCodec.tree(row.getString("content"))) : Optional.empty(),
                Optional.ofNullable(row.getString("status")),
                Optional.ofNullable(row.getOffsetDateTime("expires_at")).map(OffsetDateTime::toInstant),
                Optional.ofNullable(row.getString("idempotency_key")),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private record Cursor(OffsetDateTime time, String id) {}

    private static String text(ChatCommands.Session last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((last.updatedAt() + " " + last.sessionId()).getBytes(StandardCharsets.UTF_8));
    }

    private static Cursor cursor(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
            return new Cursor(Instant.parse(parts[0]).atOffset(ZoneOffset.UTC), parts[1]);
        } catch (RuntimeException e) {
            throw foreignCursor();
        }
    }

    private static long position(String cursor) {
        try {
            return Long.parseUnsignedLong(cursor);
        } catch (NumberFormatException e) {
            throw foreignCursor();
        }
    }

    private static FairleadException foreignCursor() {
        return new FairleadException(
                ErrorCode.BAD_REQUEST, "The cursor is not one this gateway gave; start without one");
    }
}
