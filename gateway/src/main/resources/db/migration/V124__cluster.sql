-- What the nodes of a fleet have in common, and who they are. A gateway that is alone writes nothing here.
CREATE TABLE cluster_secrets (
    id      INTEGER PRIMARY KEY, -- 1
    salt    VARCHAR(128) NOT NULL, -- of the Argon2id hash of the admin password that the key is sealed with
    sealed  VARCHAR(4096) NOT NULL, -- the signing key
    made_by VARCHAR(128) NOT NULL -- the node
);

CREATE TABLE cluster_nodes (
    name    VARCHAR(128) PRIMARY KEY,
    version VARCHAR(128) NOT NULL,
    address VARCHAR(512) NOT NULL, -- as a member of the cluster
    since   TIMESTAMP WITH TIME ZONE NOT NULL -- it last joined, by the clock of the database
);

-- Those that were not let in; the others say it in their logs.
CREATE TABLE cluster_refusals (
    node VARCHAR(128) PRIMARY KEY,
    why  VARCHAR(1024) NOT NULL,
    at   TIMESTAMP WITH TIME ZONE NOT NULL -- by the clock of the database
);
