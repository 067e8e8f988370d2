-- What the gateway speaks to an instance's program, where it does; and what an agent that speaks ACP may have done for it.
ALTER TABLE instances ADD COLUMN protocol VARCHAR(16);
ALTER TABLE instances ADD COLUMN acp_allow VARCHAR(64);
