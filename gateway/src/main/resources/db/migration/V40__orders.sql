-- Orders, and how each came to be what it is. Decimals are kept as they are written: no digit is lost or made up.
CREATE TABLE orders (
    seq               BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id          UUID NOT NULL UNIQUE,
    submitter         VARCHAR(80) NOT NULL,   -- 'operator' or 'agent:<name>'
    client_order_id   VARCHAR(64) NOT NULL,
    symbol            VARCHAR(40) NOT NULL,
    side              VARCHAR(16) NOT NULL,
    quantity          VARCHAR(40) NOT NULL,
    order_type        VARCHAR(8) NOT NULL,
    limit_price       VARCHAR(40),
    notional          VARCHAR(80),
    status            VARCHAR(20) NOT NULL,
    reason            VARCHAR(400),
    upstream_order_id VARCHAR(64),
    upstream_status   VARCHAR(64),
    node              VARCHAR(80) NOT NULL,   -- the node that has it in hand
    change_id         UUID NOT NULL,          -- of the change that made it what it is
    received_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    changed_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    sent_at           TIMESTAMP WITH TIME ZONE,
    UNIQUE (submitter, client_order_id)
);

CREATE INDEX orders_status ON orders (status, seq);

CREATE TABLE order_events (
    order_id UUID NOT NULL,
    number   INTEGER NOT NULL,
    status   VARCHAR(20) NOT NULL,
    reason   VARCHAR(400),
    at       TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (order_id, number)
);
