-- What an operator sorts instances by: a JSON object of strings; NULL where there are none.
ALTER TABLE instances ADD COLUMN labels VARCHAR(4000);
