-- What an instance may use at most.
ALTER TABLE instances ADD COLUMN memory_max BIGINT; -- bytes
ALTER TABLE instances ADD COLUMN cpu_max INTEGER; -- thousandths of a core
