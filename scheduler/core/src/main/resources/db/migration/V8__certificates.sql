-- The certificate that a server of a data source showed at its first login, as the SHA-256 that openssl prints. A
-- first one is written once (the constraint decides between two runs); another one takes its place only by a person.
CREATE TABLE data_source_certificate (
  id ${id},
  data_source_id BIGINT NOT NULL,
  server VARCHAR(300) NOT NULL,
  fingerprint VARCHAR(95) NOT NULL,
  seen_at BIGINT NOT NULL,
  CONSTRAINT data_source_certificate_server UNIQUE (data_source_id, server)
) ${options};
