-- One row: which database this is, and which start of a gateway has it.
CREATE TABLE store_state (
    id        INTEGER PRIMARY KEY,
    identity  VARCHAR(36) NOT NULL,
    opened_by VARCHAR(36) NOT NULL
);
