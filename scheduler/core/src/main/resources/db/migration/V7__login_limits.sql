-- Failed logins, counted for all nodes. What is counted (an address with a name, an address, a name) is kept as a hash
-- only: what was typed as a name may be a password.
CREATE TABLE login_limit (
  id VARCHAR(64) NOT NULL,
  tries INT NOT NULL,
  free_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ${options};
CREATE INDEX login_limit_changed ON login_limit (changed_at);

-- From where somebody has logged in under a name: what strangers do to the name does not slow it down there.
CREATE TABLE login_address (
  id VARCHAR(64) NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ${options};
CREATE INDEX login_address_seen ON login_address (seen_at);
