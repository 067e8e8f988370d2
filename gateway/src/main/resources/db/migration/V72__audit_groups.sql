-- Refusals and failures that are alike share a row: how many there are, when the first was.
ALTER TABLE audit ADD COLUMN entries BIGINT DEFAULT 1 NOT NULL;
ALTER TABLE audit ADD COLUMN first_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE audit ADD COLUMN group_id VARCHAR(36);

CREATE INDEX audit_group ON audit (group_id);
