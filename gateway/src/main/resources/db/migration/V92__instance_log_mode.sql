-- How an instance's output gets into its log: by a file that it writes itself (also where this is null), or by a pipe.
ALTER TABLE instances ADD COLUMN log_mode VARCHAR(8);
