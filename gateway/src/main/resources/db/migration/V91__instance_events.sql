-- What became of each instance: its history, for as long as it is kept. Written with the change it tells of.
CREATE TABLE instance_events (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    instance   VARCHAR(63) NOT NULL,
    at         TIMESTAMP WITH TIME ZONE NOT NULL,
    kind       VARCHAR(16) NOT NULL,
    reason     VARCHAR(4000),
    exit_code  INTEGER,
    pid        BIGINT,
    restarts   INTEGER NOT NULL,
    actor      VARCHAR(255),
    last_lines VARCHAR(16000) NOT NULL -- a JSON list of strings
);

CREATE INDEX instance_events_instance ON instance_events (instance, id);
CREATE INDEX instance_events_at ON instance_events (at);
