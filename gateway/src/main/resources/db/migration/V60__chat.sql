-- Chat sessions, their turns, and what was said.
CREATE TABLE chat_sessions (
    session_id    VARCHAR(64) PRIMARY KEY,
    owner         VARCHAR(255) NOT NULL,
    name          VARCHAR(200),
    agent         VARCHAR(80) NOT NULL,
    state         VARCHAR(16) NOT NULL,
    turn_id       VARCHAR(36),  -- of the turn that runs
    reason        VARCHAR(500), -- of the state error
    turns         INTEGER NOT NULL,
    message_count INTEGER NOT NULL,
    created_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at    TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX chat_sessions_owner ON chat_sessions (owner, updated_at);

-- number counts the turns of a session in the order they were asked for.
CREATE TABLE chat_turns (
    turn_id         VARCHAR(36) PRIMARY KEY,
    session_id      VARCHAR(64) NOT NULL,
    number          INTEGER NOT NULL,
    idempotency_key VARCHAR(128),
    node            VARCHAR(255) NOT NULL,
    state           VARCHAR(16) NOT NULL,
    reason          VARCHAR(500),
    provider        VARCHAR(255),
    model           VARCHAR(255),
    input_tokens    BIGINT,
    output_tokens   BIGINT,
    asked_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    started_at      TIMESTAMP WITH TIME ZONE,
    ended_at        TIMESTAMP WITH TIME ZONE,
    UNIQUE (session_id, number),
    UNIQUE (session_id, idempotency_key)
);

CREATE INDEX chat_turns_state ON chat_turns (state, node);

-- position: the turn's number times 10,000, plus the place within it, so that a question that waited stands before its
-- own answer. tool_id ties a result to its call; the status of a call that waits for a person is pending.
CREATE TABLE chat_messages (
    session_id VARCHAR(64) NOT NULL,
    position   BIGINT NOT NULL,
    turn_id    VARCHAR(36) NOT NULL,
    role       VARCHAR(16) NOT NULL,
    content    VARCHAR(1000000) NOT NULL,
    tool_id    VARCHAR(64),
    tool_name  VARCHAR(128),
    status     VARCHAR(32),
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (session_id, position)
);

CREATE INDEX chat_messages_tool ON chat_messages (session_id, tool_id);
CREATE INDEX chat_messages_status ON chat_messages (status);

-- The answer of a turn that runs, as it comes; one message when the turn has ended.
CREATE TABLE chat_pieces (
    turn_id VARCHAR(36) NOT NULL,
    number  INTEGER NOT NULL,
    content VARCHAR(1000000) NOT NULL,
    PRIMARY KEY (turn_id, number)
);
