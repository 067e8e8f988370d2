-- What an instance waits for before it is started: a JSON list of objects; NULL where it waits for nobody.
ALTER TABLE instances ADD COLUMN depends_on VARCHAR(4000);
-- What shows that an instance is ready once it runs: a JSON object; NULL where it is as soon as it runs.
ALTER TABLE instances ADD COLUMN ready_when VARCHAR(4000);
