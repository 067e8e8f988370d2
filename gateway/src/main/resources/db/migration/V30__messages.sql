-- Messages between agents, and what happened to them. A message and its events share one numbering.
CREATE TABLE messages (
    seq            BIGINT PRIMARY KEY,
    message_id     UUID NOT NULL UNIQUE,
    sender         VARCHAR(63) NOT NULL,
    recipient      VARCHAR(63) NOT NULL,
    type           VARCHAR(128) NOT NULL,
    correlation_id VARCHAR(128),
    -- Digest of sender and idempotency key; taken away when the key has lived its life.
    dedupe         VARCHAR(43) UNIQUE,
    needs_token    BOOLEAN NOT NULL,
    payload        VARCHAR(65536) NOT NULL,
    payload_bytes  INTEGER NOT NULL,
    status         VARCHAR(16) NOT NULL,
    attempt        INTEGER NOT NULL,
    failures       INTEGER NOT NULL,
    ttl_ms         BIGINT NOT NULL,
    accepted_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at         TIMESTAMP WITH TIME ZONE,
    settled_at     TIMESTAMP WITH TIME ZONE
);

CREATE INDEX messages_status ON messages (status, settled_at);
CREATE INDEX messages_sender ON messages (sender, seq);
CREATE INDEX messages_recipient ON messages (recipient, seq);
CREATE INDEX messages_correlation ON messages (correlation_id, seq);

-- All that happened after acceptance, which stands in the message itself.
CREATE TABLE message_events (
    number  BIGINT PRIMARY KEY,
    seq     BIGINT NOT NULL,
    event   VARCHAR(16) NOT NULL,
    attempt INTEGER NOT NULL,
    at      TIMESTAMP WITH TIME ZONE NOT NULL,
    detail  VARCHAR(400)
);

CREATE INDEX message_events_message ON message_events (seq, number);
