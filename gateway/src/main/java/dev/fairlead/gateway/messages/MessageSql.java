package dev.fairlead.gateway.messages;

import dev.fairlead.gateway.cluster.LeaseName;

/** The statements of the message bus; they mean the same on H2 and PostgreSQL. */
final class MessageSql {
    /** Values of one IN list: unused ones repeat the last, so that one prepared statement serves all lengths. */
    static final int IN_SIZE = 64;

    private static final String IN = "(" + "?, ".repeat(IN_SIZE - 1) + "?)";

    // ---- the journal

    static final String APPEND = "INSERT INTO message_journal (number, entries) VALUES (?, ?)";

    static final String ROWS = "SELECT number, entries FROM message_journal WHERE number IN " + IN;

    static final String ROW = "SELECT entries FROM message_journal WHERE number = ?";

    static final String JOURNAL =
            "SELECT number, entries FROM message_journal WHERE number > ? ORDER BY number LIMIT ?";

    /** Rows of shards, which are told by their numbers. */
    static final String JOURNAL_OF_SHARDS = "SELECT number, entries FROM message_journal WHERE number > ?"
            + " AND MOD(number, " + LeaseName.SHARDS + ") IN " + IN + " ORDER BY number LIMIT ?";

    static final String PASSED = "SELECT number FROM message_journal WHERE number < ? ORDER BY number LIMIT ?";

    static final String DROP_ROW = "DELETE FROM message_journal WHERE number = ?";

    static final String POSITIONS = "SELECT name, number FROM message_positions";

    /** What is done before anything else: one node at a time. */
    static final String LOCK = "SELECT number FROM message_positions WHERE name = 'numbers' FOR UPDATE";

    static final String NEW_POSITION =
            "INSERT INTO message_positions (name, number) VALUES (?, 0) ON CONFLICT DO NOTHING";

    static final String POSITION = "UPDATE message_positions SET number = ? WHERE name = ? AND number < ?";

    // ---- blocks

    static final String ADD_BLOCK =
            "INSERT INTO message_blocks (block, retention, first_seq, last_seq, first_id, last_id,"
                    + " accepted_to, settled_to, keys_posted, keys) VALUES (?, ?, ?, ?, ?, ?, ?, ?, FALSE, ?)";

    static final String ADD_RECORDS = "INSERT INTO message_records (block, records) VALUES (?, ?)";

    static final String POST = "INSERT INTO message_postings (term, block) VALUES (?, ?) ON CONFLICT DO NOTHING";

    static final String KEYS_POSTED = "UPDATE message_blocks SET keys_posted = TRUE WHERE block = ?";

    static final String POSTED = "SELECT term, block FROM message_postings WHERE term IN " + IN;

    /** Nobody else rewrites or drops it before this transaction ends: another node may have a message in it too. */
    static final String LOCKED_RECORDS = "SELECT records FROM message_records WHERE block = ? FOR UPDATE";

    static final String RECORDS = "SELECT records FROM message_records WHERE block = ?";

    static final String BLOCK = "SELECT block FROM message_blocks WHERE block = ?";

    static final String LAST_BLOCK = "SELECT MAX(block) AS block FROM message_blocks";

    static final String LATEST_BLOCKS = "SELECT block FROM message_blocks ORDER BY block DESC LIMIT ?";

    static final String KEYS = "SELECT block, keys_posted, accepted_to, keys FROM message_blocks"
            + " WHERE accepted_to >= ? AND block < ? ORDER BY block DESC LIMIT ?";

    /** Those of shards, which are told by their numbers, above the last that a gateway alone filled. */
    static final String KEYS_OF_SHARDS = "SELECT block, keys_posted, accepted_to, keys FROM message_blocks"
            + " WHERE accepted_to >= ? AND block < ? AND block > ? AND MOD(block, " + LeaseName.SHARDS + ") IN " + IN
            + " ORDER BY block DESC LIMIT ?";

    static final String ACCEPTED_BELOW = "SELECT MAX(accepted_to) AS accepted_to FROM message_blocks WHERE block <= ?";

    static final String BLOCKS_OF_ID =
            "SELECT block FROM message_blocks WHERE last_id >= ? AND first_id <= ?" + " ORDER BY last_id";

    static final String ENDED =
            "SELECT block FROM message_blocks WHERE retention = ? AND settled_to < ? ORDER BY settled_to LIMIT ?";

    static final String REWRITE_BLOCK =
            "UPDATE message_blocks SET first_seq = ?, last_seq = ?, keys = ? WHERE block = ?";

    static final String REWRITE_RECORDS = "UPDATE message_records SET records = ? WHERE block = ?";

    static final String DROP_BLOCK = "DELETE FROM message_blocks WHERE block = ?";

    static final String DROP_RECORDS = "DELETE FROM message_records WHERE block = ?";

    static final String DROP_POSTING = "DELETE FROM message_postings WHERE term = ? AND block = ?";

    private MessageSql() {}

    /**
     * Blocks that may hold messages below a number, those with the newest first. Parameters: that number, the last
     * number to stay below, a term for each filter, the limit.
     */
    static String blocks(int terms) {
        return "SELECT b.block, b.last_seq FROM message_blocks b WHERE b.first_seq < ? AND b.last_seq < ?"
                + " AND EXISTS (SELECT 1 FROM message_postings p WHERE p.term = ? AND p.block = b.block)".repeat(terms)
                + " ORDER BY b.last_seq DESC LIMIT ?";
    }
}
