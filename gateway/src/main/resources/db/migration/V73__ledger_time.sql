-- One row: how far the time has come by which messages expire and history is pruned, and by how much an operator has
-- accepted it to be ahead of the wall clock.
CREATE TABLE ledger_time (
    id           INTEGER PRIMARY KEY,
    reached      TIMESTAMP WITH TIME ZONE NOT NULL,
    ahead_millis BIGINT NOT NULL
);
