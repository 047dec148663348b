-- Named connections. options is JSON with *** in place of every secret: what anybody may see.
CREATE TABLE data_source (
  id ${id},
  name VARCHAR(100) NOT NULL,
  type VARCHAR(64) NOT NULL,
  description VARCHAR(1000) NOT NULL,
  owner VARCHAR(64) NOT NULL,
  options ${text} NOT NULL,
  revision INT NOT NULL,
  changed_at BIGINT NOT NULL,
  CONSTRAINT data_source_name UNIQUE (name)
) ${options};

-- The secrets, each encrypted: the value that stands at the JSON pointer path of the options. Never changed in
-- place but by a rotation of keys, so that max(id) and count(*) tell whether what is known of them is current.
CREATE TABLE data_source_secret (
  id ${id},
  data_source_id BIGINT NOT NULL,
  path VARCHAR(500) NOT NULL,
  key_id VARCHAR(16) NOT NULL,
  sealed ${text} NOT NULL,
  CONSTRAINT data_source_secret_path UNIQUE (data_source_id, path)
) ${options};
CREATE INDEX data_source_secret_key ON data_source_secret (key_id);
