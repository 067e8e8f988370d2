-- Who acts for what in a fleet of several nodes. A row is made when something is first taken and never removed, so that
-- its fence, which rises with each owner, never comes again. A node that is alone writes nothing here.
CREATE TABLE leases (
    name    VARCHAR(128) PRIMARY KEY,
    owner   VARCHAR(128) NOT NULL, -- the node; empty where it was handed back
    fence   BIGINT NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL -- by the clock of the database
);
