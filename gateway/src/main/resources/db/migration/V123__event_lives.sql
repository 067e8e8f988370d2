-- The lives of the stream of events that ended in order: all that was told in them is in events.
CREATE TABLE event_lives (
    epoch    VARCHAR(64) PRIMARY KEY,
    last_seq BIGINT NOT NULL, -- of the last that was told
    ended_at TIMESTAMP WITH TIME ZONE NOT NULL
);
