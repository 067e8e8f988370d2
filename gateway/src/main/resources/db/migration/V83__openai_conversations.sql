-- Conversations of OpenAI's API: a session of the chat, and what was said before its first response.
CREATE TABLE openai_conversations (
    id         VARCHAR(64) PRIMARY KEY,
    owner      VARCHAR(255) NOT NULL,
    session_id VARCHAR(64) NOT NULL,
    items      VARCHAR(1000000) NOT NULL,
    metadata   VARCHAR(1000000) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX openai_runs_conversation ON openai_runs (conversation_id);
