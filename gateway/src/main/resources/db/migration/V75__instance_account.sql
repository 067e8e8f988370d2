-- The account of the machine that an instance runs as, where that is neither the gateway's nor that of instances.user.
ALTER TABLE instances ADD COLUMN account VARCHAR(64);
