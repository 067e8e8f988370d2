-- In the course of which trace a call was asked for, as the W3C writes it: it is made in that one, whenever it is.
ALTER TABLE mcp_calls ADD COLUMN traceparent VARCHAR(55);
