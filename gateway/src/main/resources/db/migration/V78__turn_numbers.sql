-- Every frame of a turn has a number, which rises within its session.
ALTER TABLE chat_sessions ADD COLUMN numbers BIGINT DEFAULT 0 NOT NULL; -- up to here they may have been shown
ALTER TABLE chat_turns ADD COLUMN n BIGINT;     -- of what the user said
ALTER TABLE chat_turns ADD COLUMN end_n BIGINT; -- of its end
ALTER TABLE chat_messages ADD COLUMN n BIGINT;  -- of a tool's call and result
ALTER TABLE chat_pieces ALTER COLUMN number SET DATA TYPE BIGINT; -- of the last chunk in it
