-- Counts changes, so that nobody overwrites what he has not seen.
ALTER TABLE workflow ADD COLUMN revision INT DEFAULT 1 NOT NULL;
