-- Agents. A revoked one keeps its row: should its name register anew, owner epochs go on rising.
CREATE TABLE agents (
    name         VARCHAR(63) PRIMARY KEY,
    agent_id     VARCHAR(36) NOT NULL,
    revoked      BOOLEAN NOT NULL,
    epoch        BIGINT NOT NULL,
    connected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen    TIMESTAMP WITH TIME ZONE NOT NULL,
    version      VARCHAR(200),
    capabilities VARCHAR(16000) NOT NULL, -- a JSON list of strings
    node         VARCHAR(255) NOT NULL
);

-- Permanent tokens by their SHA-256. proven: its agent has registered with it, so the reply that brought it arrived.
CREATE TABLE agent_tokens (
    jti         VARCHAR(36) PRIMARY KEY,
    agent_name  VARCHAR(63) NOT NULL REFERENCES agents (name),
    issued_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    sha256      VARCHAR(64) NOT NULL, -- hexadecimal
    proven      BOOLEAN NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE -- of one that was rotated away
);

CREATE INDEX agent_tokens_agent ON agent_tokens (agent_name);

-- Registration tokens, each good once. brought_jti: the permanent token its use brought.
CREATE TABLE registration_tokens (
    jti         VARCHAR(36) PRIMARY KEY,
    agent_name  VARCHAR(63) NOT NULL,
    expires_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at     TIMESTAMP WITH TIME ZONE,
    brought_jti VARCHAR(36)
);

CREATE INDEX registration_tokens_agent ON registration_tokens (agent_name);
CREATE INDEX registration_tokens_expiry ON registration_tokens (expires_at);
