-- What a turn needs to go on after a restart.
ALTER TABLE chat_turns ADD COLUMN agent VARCHAR(80);
ALTER TABLE chat_turns ADD COLUMN page_context VARCHAR(64);
ALTER TABLE chat_turns ADD COLUMN address VARCHAR(64);
ALTER TABLE chat_turns ADD COLUMN takes_along BOOLEAN DEFAULT FALSE NOT NULL;
ALTER TABLE chat_turns ADD COLUMN resumes INTEGER DEFAULT 0 NOT NULL; -- how often it has gone on
