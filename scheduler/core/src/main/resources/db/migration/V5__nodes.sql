-- Where the other nodes of the store reach this one, empty when they do not, and what tells whether its keys are
-- theirs without telling the keys.
ALTER TABLE node ADD COLUMN address VARCHAR(255) DEFAULT '' NOT NULL;
ALTER TABLE node ADD COLUMN key_prints VARCHAR(255) DEFAULT '' NOT NULL;

-- What a node tells the clients of the others, in the time of the store. Kept for minutes.
CREATE TABLE node_event (
  id ${id},
  node VARCHAR(64) NOT NULL,
  at BIGINT NOT NULL,
  name VARCHAR(32) NOT NULL,
  data ${text} NOT NULL
) ${options};
CREATE INDEX node_event_at ON node_event (at);
