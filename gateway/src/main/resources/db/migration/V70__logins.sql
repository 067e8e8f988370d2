-- Browsers' sessions: of each half the SHA-256 alone, hexadecimal.
CREATE TABLE logins (
    id            VARCHAR(36) PRIMARY KEY,
    handle_sha256 VARCHAR(64) NOT NULL,
    key_sha256    VARCHAR(64) NOT NULL,
    address       VARCHAR(64) NOT NULL,
    client        VARCHAR(200) NOT NULL,
    created_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    last_used_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    used          BOOLEAN NOT NULL,
    expires_at    TIMESTAMP WITH TIME ZONE NOT NULL
);

-- The one admin password that sessions and operator tokens stand on; another password, another version.
CREATE TABLE admin_password (
    id       INT PRIMARY KEY,
    salt     VARCHAR(64) NOT NULL,  -- hexadecimal
    argon2id VARCHAR(128) NOT NULL, -- hexadecimal
    version  VARCHAR(36) NOT NULL
);
