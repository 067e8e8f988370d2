-- A call as its provider sent it, with all that only the provider understands: a thinking model wants it back.
ALTER TABLE chat_messages ADD COLUMN origin VARCHAR(1000000);
