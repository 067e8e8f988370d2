package dev.fairlead.gateway.chat;

import dev.fairlead.gateway.store.Database;
import dev.fairlead.protocol.ChatFrame;
import dev.fairlead.protocol.FrameCodec;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Reads what is kept of a session's frames: all but the text of the turn that runs, page by page. */
final class ChatBacklog {
    /** Turns, and calls and results, in a page: what they hold is bounded, a few megabytes at the most. */
    private static final int TURNS = 16;

    private static final int TOOLS = 64;

    private final Database database;

    ChatBacklog(Database database) {
        this.database = database;
    }

    /**
     * Frames above a number, in the order of their numbers.
     *
     * @param upTo where the page ends and the next one begins; empty where there is no more
     */
    record Page(List<Numbered> frames, Optional<Long> upTo) {
        Page {
            frames = List.copyOf(frames);
        }
    }

    Future<Page> after(String sessionId, long n) {
        return database.read(c -> c.preparedQuery(ChatSql.TURNS_AFTER)
                .execute(Tuple.of(sessionId, n, n, TURNS + 1))
                .compose(turns -> c.preparedQuery(ChatSql.TOOLS_AFTER)
                        .execute(Tuple.of(sessionId, n, TOOLS))
                        .map(tools -> page(n, turns, tools))));
    }

    private static Page page(long after, RowSet<Row> turns, RowSet<Row> tools) {
        List<Numbered> frames = new ArrayList<>();
        long upTo = Long.MAX_VALUE;
        long lastEnd = after;
        int read = 0;
        for (Row turn : turns) {
            long asked = number(turn, "n");
            long ended = number(turn, "end_n");
            if (read++ == TURNS) { // those from here on are not in this page: none of them has told anything before
                upTo = asked > after ? asked - 1 : lastEnd;
                break;
            }
            if (asked > 0) {
                frames.add(new Numbered(
                        asked, ChatSession.question(turn.getString("turn_id"), text(turn, "question"), false)));
            }
            if (ended > 0) {
                frames.addAll(end(turn, ended));
                lastEnd = Math.max(lastEnd, ended);
            }
        }
        long lastTool = 0;
        for (Row tool : tools) {
            lastTool = number(tool, "n");
            frames.add(new Numbered(lastTool, tool(tool)));
        }
        if (tools.size() == TOOLS) {
            upTo = Math.min(upTo, lastTool);
        }
        long end = upTo;
        frames.removeIf(frame -> frame.n() <= after || frame.n() > end);
        frames.sort(Comparator.comparingLong(Numbered::n));
        return new Page(frames, upTo == Long.MAX_VALUE ? Optional.empty() : Optional.of(upTo));
    }

    /** As the turn's end was told: an answer stands whole, whatever its pieces were. */
    private static List<Numbered> end(Row turn, long n) {
        String answer = text(turn, "answer");
        return switch (turn.getString("state")) {
            case "done" ->
                List.of(
                        new Numbered(n - 1, new ChatFrame.ChunkReset()),
                        new Numbered(n, new ChatFrame.Done(answer, usage(turn))));
            case "aborted" -> List.of(new Numbered(n, new ChatFrame.Aborted(answer)));
            default -> List.of(new Numbered(n, new ChatFrame.Failure(text(turn, "code"), text(turn, "failure"))));
        };
    }

    private static Optional<ChatFrame.Usage> usage(Row turn) {
        return Optional.ofNullable(turn.getLong("input_tokens"))
                .map(input -> new ChatFrame.Usage(input, number(turn, "output_tokens")));
    }

    private static ChatFrame tool(Row tool) {
        String id = tool.getString("tool_id");
        String name = tool.getString("tool_name");
        String content = tool.getString("content");
        return tool.getString("role").equals("tool_result")
                ? new ChatFrame.ToolResult(id, name, content)
                : new ChatFrame.ToolCall(
                        id,
                        name,
                        FrameCodec.tree(content),
                        Optional.of("required")
                                .filter(required -> tool.getString("status").equals("pending")));
    }

    private static long number(Row row, String column) {
        return Optional.ofNullable(row.getLong(column)).orElse(0L);
    }

    private static String text(Row row, String column) {
        return Optional.ofNullable(row.getString(column)).orElse("");
    }
}
