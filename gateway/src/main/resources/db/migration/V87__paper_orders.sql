-- Whether an order is meant for the upstream's market or filled on paper, and what the paper account holds by now: it is
-- written with the fill, in one transaction. Its cash follows from it, counted from nothing.
ALTER TABLE orders ADD COLUMN mode VARCHAR(8) DEFAULT 'live' NOT NULL;

CREATE TABLE paper_positions (
    symbol        VARCHAR(40) PRIMARY KEY,
    quantity      VARCHAR(60) NOT NULL,       -- below zero where it was sold short
    average_price VARCHAR(60) NOT NULL,       -- of what is held
    realized_pnl  VARCHAR(60) NOT NULL        -- of what was closed so far, in the currency it is priced in
);
