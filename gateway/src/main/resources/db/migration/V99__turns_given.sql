-- What came with a turn's message besides the session's own history, for as long as the turn runs: as JSON, in parts.
CREATE TABLE chat_given (
    turn_id VARCHAR(36) NOT NULL,
    part    INTEGER NOT NULL,
    content VARCHAR(1000000) NOT NULL,
    PRIMARY KEY (turn_id, part)
);
