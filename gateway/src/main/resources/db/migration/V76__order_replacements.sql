-- What becomes of orders at the upstream: they are replaced, and filled in parts.
ALTER TABLE orders ADD COLUMN upstream_key UUID;               -- what the upstream knows it by; order_id where NULL
ALTER TABLE orders ADD COLUMN terms_quantity VARCHAR(40);      -- as it is now; quantity and limit_price are as asked
ALTER TABLE orders ADD COLUMN terms_limit_price VARCHAR(40);
ALTER TABLE orders ADD COLUMN filled_quantity VARCHAR(40);
ALTER TABLE orders ADD COLUMN average_price VARCHAR(40);
ALTER TABLE orders ADD COLUMN replacement_id UUID;             -- what it is being replaced by, or will be
ALTER TABLE orders ADD COLUMN replacement_quantity VARCHAR(40);
ALTER TABLE orders ADD COLUMN replacement_limit_price VARCHAR(40);
ALTER TABLE orders ADD COLUMN replacement_notional VARCHAR(80);

CREATE INDEX orders_changed ON orders (changed_at);
