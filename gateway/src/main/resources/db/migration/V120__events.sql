-- What the stream of events told, for as long as it is kept. Written behind what it tells of, which is kept elsewhere.
CREATE TABLE events (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fingerprint VARCHAR(22) NOT NULL, -- of the frame: what several nodes tell is kept once
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    epoch       VARCHAR(64) NOT NULL, -- with seq: where it stood in the stream
    seq         BIGINT NOT NULL,
    frame       VARCHAR(1000000) NOT NULL -- JSON
);

CREATE UNIQUE INDEX events_fingerprint ON events (fingerprint);
CREATE INDEX events_at ON events (at);
