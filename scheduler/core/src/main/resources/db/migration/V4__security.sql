-- Who may use the server. Names are lower case, so that no two differ only by case.
CREATE TABLE account (
  id ${id},
  name VARCHAR(64) NOT NULL,
  role VARCHAR(16) NOT NULL,
  password_hash VARCHAR(255) NOT NULL,
  must_change BOOLEAN NOT NULL,
  disabled BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  CONSTRAINT account_name UNIQUE (name)
) ${options};

-- Sessions of browsers, shared by all nodes. The hash of a token is kept, never the token.
CREATE TABLE login_session (
  token_hash VARCHAR(64) NOT NULL,
  account_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (token_hash)
) ${options};
CREATE INDEX login_session_account ON login_session (account_id);
CREATE INDEX login_session_seen ON login_session (seen_at);

-- Tokens of programs. A token's role is capped by its account's at every request.
CREATE TABLE api_token (
  id ${id},
  account_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  role VARCHAR(16) NOT NULL,
  token_hash VARCHAR(64) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  CONSTRAINT api_token_hash UNIQUE (token_hash),
  CONSTRAINT api_token_name UNIQUE (account_id, name)
) ${options};
