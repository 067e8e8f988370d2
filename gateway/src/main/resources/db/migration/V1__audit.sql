-- Who did what, to what, when, from where, with which outcome. Never a payload, never a secret.
CREATE TABLE audit (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at       TIMESTAMP WITH TIME ZONE NOT NULL,
    actor    VARCHAR(255) NOT NULL,
    action   VARCHAR(64) NOT NULL,
    target   VARCHAR(255) NOT NULL,
    address  VARCHAR(64) NOT NULL,
    outcome  VARCHAR(64) NOT NULL,
    detail   VARCHAR(1024) NOT NULL
);

CREATE INDEX audit_at ON audit (at);
