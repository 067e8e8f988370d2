-- Keys of faces. A key is signed: what is kept is that it was given and not revoked, never the key.
CREATE TABLE face_keys (
    id         VARCHAR(36) PRIMARY KEY,
    kind       VARCHAR(16) NOT NULL,
    name       VARCHAR(63) NOT NULL,
    scopes     VARCHAR(64) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL
);
