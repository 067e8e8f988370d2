package dev.fairlead.gateway.faces.openai;

import dev.fairlead.gateway.cluster.NodeThere;
import dev.fairlead.gateway.store.Columns;
import dev.fairlead.gateway.store.WriteConnection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is kept of the turns of this face. Every method is one unit of a write transaction. */
final class RunRows {
    private static final String COLUMNS = "id, kind, owner, node, session_id, agent, request_hash, state, http_status,"
            + " numbers, previous_id, conversation_id, created_at, question, answer";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM openai_runs WHERE ";
    private static final String ADD =
            "INSERT INTO openai_runs (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, 'running', 0, ?, ?, ?, ?, ?, NULL)";
    private static final String BY_ID = SELECT + "id = ? AND owner = ?";
    private static final String BY_REQUEST =
            SELECT + "owner = ? AND request_hash = ? AND created_at > ? ORDER BY created_at DESC LIMIT 1";
    private static final String RUNNING = SELECT + "state = 'running' AND node = ?";
    private static final String NODE = "SELECT node FROM openai_runs WHERE id = ? AND owner = ?";
    private static final String ORPHANS = SELECT + "state = 'running' AND node <> ? AND "
            + NodeThere.not("openai_runs.node") + " LIMIT 100 FOR UPDATE";
    private static final String ADOPT = "UPDATE openai_runs SET node = ? WHERE id = ?";
    private static final String RESERVE = "UPDATE openai_runs SET numbers = GREATEST(numbers, ?) WHERE id = ?";
    private static final String END =
            "UPDATE openai_runs SET state = 'ended', http_status = ?, numbers = ?, answer = ? WHERE id = ?";
    private static final String OF_CONVERSATION =
            SELECT + "conversation_id = ? AND owner = ? ORDER BY created_at DESC LIMIT 100";
    private static final String IN_SESSION =
            "SELECT COUNT(*) AS many FROM openai_runs WHERE session_id = ? AND id <> ? AND kind <> 'items'";
    private static final String OLDEST =
            SELECT + "owner = ? AND kind = 'response' AND state = 'ended' ORDER BY created_at DESC LIMIT 20 OFFSET ?";
    private static final String REMOVE = "DELETE FROM openai_runs WHERE id = ?";
    private static final String PRUNE =
            "DELETE FROM openai_runs WHERE id IN (SELECT id FROM openai_runs WHERE kind NOT IN ('response', 'items')"
                    + " AND state = 'ended' AND created_at < ? LIMIT ?)";
    private static final String ADDITIONS =
            "SELECT COUNT(*) AS many FROM openai_runs WHERE conversation_id = ? AND kind = 'items'";
    private static final String REMOVE_ADDITIONS =
            "DELETE FROM openai_runs WHERE conversation_id = ? AND kind = 'items'";

    /** Characters that are kept of what was asked, and of what was answered. */
    static final int MOST_KEPT = 1_000_000;

    /** Responses that one is a sequel of whose items are told. */
    private static final int MOST_BEFORE = 100;

    static final int PRUNE_BATCH = 500;

    private RunRows() {}

    /**
     * A turn as it is kept.
     *
     * @param httpStatus of what is answered; 0 while it runs
     * @param numbers the first that no event has had
     * @param question what is needed to write the answer
     */
    record Stored(
            Run.Facts facts,
            boolean running,
            int httpStatus,
            long numbers,
            Optional<String> previousId,
            Optional<String> conversationId,
            Instant createdAt,
            String question,
            Optional<String> answer) {}

    static int add(WriteConnection c, Stored run, String node) throws SQLException {
        Run.Facts facts = run.facts();
        return c.update(
                ADD,
                facts.id(),
                kind(facts.kind()),
                facts.owner(),
                node,
                facts.sessionId(),
                facts.agent(),
                facts.hash(),
                run.numbers(),
                run.previousId(),
                run.conversationId(),
                run.createdAt(),
                run.question());
    }

    static Optional<Stored> find(WriteConnection c, String id, String owner) throws SQLException {
        return c.queryOne(BY_ID, RunRows::stored, id, owner);
    }

    /** The latest that was asked for with the same request. */
    static Optional<Stored> same(WriteConnection c, String owner, String hash, Instant since) throws SQLException {
        return c.queryOne(BY_REQUEST, RunRows::stored, owner, hash, since);
    }

    static List<Stored> running(WriteConnection c, String node) throws SQLException {
        return c.query(RUNNING, RunRows::stored, node);
    }

    /** Gives a node what ran on others of its fleet that are not there any more; some, where there is much. */
    static List<Stored> adopt(WriteConnection c, String node) throws SQLException {
        List<Stored> orphans = c.query(ORPHANS, RunRows::stored, node);
        for (Stored run : orphans) {
            c.update(ADOPT, node, run.facts().id());
        }
        return orphans;
    }

    /** The node on which a turn runs, or ran: its events are at hand there for a while. Empty where nothing is kept. */
    static Optional<String> nodeOf(WriteConnection c, String id, String owner) throws SQLException {
        return c.queryOne(NODE, row -> row.string("node"), id, owner);
    }

    /** From here on no number below may be given to another event. */
    static int reserve(WriteConnection c, String id, long numbers) throws SQLException {
        return c.update(RESERVE, numbers, id);
    }

    static int end(WriteConnection c, String id, int httpStatus, long numbers, String answer) throws SQLException {
        return c.update(END, httpStatus, numbers, answer, id);
    }

    /** A response and those it is a sequel of, the first first; empty where it is not known. */
    static List<Stored> chain(WriteConnection c, String id, String owner) throws SQLException {
        Deque<Stored> chain = new ArrayDeque<>();
        Optional<Stored> found = find(c, id, owner);
        while (found.isPresent() && chain.size() < MOST_BEFORE) {
            chain.addFirst(found.get());
            Optional<String> before = found.get().previousId();
            found = before.isPresent() ? find(c, before.get(), owner) : Optional.empty();
        }
        return List.copyOf(chain);
    }

    /** The responses of a conversation, the first first. */
    static List<Stored> ofConversation(WriteConnection c, String id, String owner) throws SQLException {
        Deque<Stored> chain = new ArrayDeque<>();
        c.query(OF_CONVERSATION, RunRows::stored, id, owner).forEach(chain::addFirst);
        return List.copyOf(chain);
    }

    /** How many others there are in a session. */
    static long others(WriteConnection c, String sessionId, String id) throws SQLException {
        return c.queryOne(IN_SESSION, row -> row.number("many"), sessionId, id).orElse(0L);
    }

    /** Responses of somebody beyond the latest so many. */
    static List<Stored> beyond(WriteConnection c, String owner, int latest) throws SQLException {
        return c.query(OLDEST, RunRows::stored, owner, latest);
    }

    static int remove(WriteConnection c, String id) throws SQLException {
        return c.update(REMOVE, id);
    }

    /** Forgets a batch of what is kept of completions that nobody sends again. */
    static int prune(WriteConnection c, Instant before) throws SQLException {
        return c.update(PRUNE, before, PRUNE_BATCH);
    }

    /** How often items were put into a conversation. */
    static long additions(WriteConnection c, String conversationId) throws SQLException {
        return c.queryOne(ADDITIONS, row -> row.number("many"), conversationId).orElse(0L);
    }

    static int removeAdditions(WriteConnection c, String conversationId) throws SQLException {
        return c.update(REMOVE_ADDITIONS, conversationId);
    }

    private static String kind(Run.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static Stored stored(Columns row) throws SQLException {
        return new Stored(
                new Run.Facts(
                        row.string("id"),
                        Run.Kind.valueOf(row.string("kind").toUpperCase(Locale.ROOT)),
                        row.string("owner"),
                        row.string("session_id"),
                        row.string("agent"),
                        row.string("request_hash")),
                row.string("state").equals("running"),
                row.integer("http_status"),
                row.number("numbers"),
                row.optionalString("previous_id"),
                row.optionalString("conversation_id"),
                row.instant("created_at"),
                row.string("question"),
                row.optionalString("answer"));
    }
}
