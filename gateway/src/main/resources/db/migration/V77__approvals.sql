-- What waits, or waited, for a person: one inbox, whoever asks. Written with what it is about, in one transaction.
CREATE TABLE approvals (
    approval_id VARCHAR(64) PRIMARY KEY, -- of the call of a tool or the order, or made up by who asks
    kind        VARCHAR(8) NOT NULL,
    subject     VARCHAR(200) NOT NULL,
    detail      VARCHAR(100000) NOT NULL,
    status      VARCHAR(16) NOT NULL,
    session_id  VARCHAR(64),
    created_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_at  TIMESTAMP WITH TIME ZONE
);

CREATE INDEX approvals_status ON approvals (status, created_at);
CREATE INDEX approvals_created ON approvals (created_at);
CREATE INDEX approvals_session ON approvals (session_id);

-- What waits already.
INSERT INTO approvals (approval_id, kind, subject, detail, status, session_id, created_at, expires_at)
SELECT tool_id, 'tool', tool_name, SUBSTRING(content FROM 1 FOR 100000), 'waiting', session_id, created_at, expires_at
FROM chat_messages
WHERE role = 'tool_call' AND status = 'pending' AND tool_id IS NOT NULL AND expires_at IS NOT NULL;

INSERT INTO approvals (approval_id, kind, subject, detail, status, session_id, created_at, expires_at)
SELECT CAST(order_id AS VARCHAR(64)), 'order', side || ' ' || quantity || ' ' || symbol,
       CASE WHEN limit_price IS NULL THEN 'at the market' ELSE 'at ' || limit_price END,
       'waiting', NULL, changed_at, changed_at + INTERVAL '15' MINUTE
FROM orders
WHERE status = 'needs_confirmation'
   OR replacement_id IS NOT NULL AND status IN ('submitted', 'working', 'partially_filled');
