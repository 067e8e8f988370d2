-- What happens to messages, in the order it happens: a row holds all that one commit brought, or a part of it, in the
-- format of JournalCodec. Rows are only added, and leave from the oldest on once all they tell of has ended.
CREATE TABLE message_journal (
    number  BIGINT PRIMARY KEY, -- of its last entry; messages and events share one numbering
    entries BYTEA NOT NULL
);

-- Messages that have ended, some hundreds together, for all time the same; filled behind the journal. What is looked
-- for in them stands apart from the bytes, so that to choose a block is not to read it.
CREATE TABLE message_blocks (
    block       BIGINT PRIMARY KEY,
    retention   VARCHAR(16) NOT NULL, -- acknowledged, or ended otherwise: what one block holds is kept equally long
    first_seq   BIGINT NOT NULL,
    last_seq    BIGINT NOT NULL,
    first_id    BIGINT NOT NULL,      -- upper halves of the ids, which are of version 7 and sort by time
    last_id     BIGINT NOT NULL,
    accepted_to TIMESTAMP WITH TIME ZONE NOT NULL,
    settled_to  TIMESTAMP WITH TIME ZONE NOT NULL,
    keys_posted BOOLEAN NOT NULL,     -- whether message_postings leads to its idempotency keys
    keys        BYTEA NOT NULL
);

CREATE INDEX message_blocks_seq ON message_blocks (last_seq);
CREATE INDEX message_blocks_id ON message_blocks (last_id);
CREATE INDEX message_blocks_settled ON message_blocks (retention, settled_to);

CREATE TABLE message_records (
    block   BIGINT PRIMARY KEY,
    records BYTEA NOT NULL
);

-- Which blocks hold a message with that name, correlation id, status or key: a digest of it, which may lead to one
-- block too many.
CREATE TABLE message_postings (
    term  BIGINT NOT NULL,
    block BIGINT NOT NULL,
    PRIMARY KEY (term, block)
);

-- How far the blocks have come: all that ended with a number up to this is in them or gone.
CREATE TABLE message_positions (
    name   VARCHAR(32) PRIMARY KEY,
    number BIGINT NOT NULL
);

INSERT INTO message_positions (name, number) VALUES ('acknowledged', 0);
INSERT INTO message_positions (name, number) VALUES ('ended', 0);
INSERT INTO message_positions (name, number) VALUES ('numbers', 0);
