-- When an instance is started by itself: a JSON object; NULL where it is not.
ALTER TABLE instances ADD COLUMN schedule VARCHAR(4000);
-- Up to when that was heeded, written with the start it led to.
ALTER TABLE instances ADD COLUMN served_to TIMESTAMP WITH TIME ZONE;
