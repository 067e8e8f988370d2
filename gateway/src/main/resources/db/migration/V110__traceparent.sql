-- In the course of which trace an order was placed, as the W3C writes it: it goes out in that one, whenever it does.
ALTER TABLE orders ADD COLUMN traceparent VARCHAR(55);
