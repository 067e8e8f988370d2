-- Calls of tools that came over MCP and wait, or waited, for a person: kept until they are done, so that who asked hears what became
-- of it. The id is the approval's, too. running means that the tool was called; whether it was done is not known after a crash.
CREATE TABLE mcp_calls (
    call_id    VARCHAR(64) PRIMARY KEY,
    holder     VARCHAR(64) NOT NULL, -- the key's id, or operator
    actor      VARCHAR(255) NOT NULL,
    address    VARCHAR(64) NOT NULL,
    node       VARCHAR(255) NOT NULL, -- which calls the tool
    tool       VARCHAR(64) NOT NULL,
    args       VARCHAR(1000000) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    result     VARCHAR(1000000), -- as the client is answered it
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX mcp_calls_state ON mcp_calls (state, changed_at);
