-- Turns that were asked for over OpenAI's API. A completion's row knows the same request again for a while; a response's
-- can be fetched for as long as it is there. numbers: the first that no event has had.
CREATE TABLE openai_runs (
    id              VARCHAR(64) PRIMARY KEY,
    kind            VARCHAR(16) NOT NULL,
    owner           VARCHAR(255) NOT NULL,
    node            VARCHAR(255) NOT NULL,
    session_id      VARCHAR(64) NOT NULL,
    agent           VARCHAR(80) NOT NULL,
    request_hash    VARCHAR(64) NOT NULL,
    state           VARCHAR(16) NOT NULL, -- running or ended
    http_status     INTEGER NOT NULL,     -- of what is answered
    numbers         BIGINT NOT NULL,
    previous_id     VARCHAR(64),
    conversation_id VARCHAR(64),
    created_at      TIMESTAMP WITH TIME ZONE NOT NULL,
    question        VARCHAR(1000000) NOT NULL,
    answer          VARCHAR(1000000)
);

CREATE INDEX openai_runs_request ON openai_runs (owner, request_hash, created_at);
CREATE INDEX openai_runs_session ON openai_runs (session_id);
CREATE INDEX openai_runs_state ON openai_runs (state, node);
CREATE INDEX openai_runs_age ON openai_runs (kind, created_at);
