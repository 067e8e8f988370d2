-- Which node of a fleet has a session, with the turn that runs in it. The fence rises with each node that takes it over:
-- what an earlier one still writes is dropped by that. A gateway that is alone writes neither.
ALTER TABLE chat_sessions ADD COLUMN home VARCHAR(128) DEFAULT '' NOT NULL; -- empty: nobody's yet
ALTER TABLE chat_sessions ADD COLUMN fence BIGINT DEFAULT 0 NOT NULL;
