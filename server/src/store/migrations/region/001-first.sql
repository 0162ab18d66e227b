-- A region: everything personal of the people and installations that live in it. Times are seconds since 1970 UTC.

-- The person who logs in. Lives in exactly one home region; its users may live in others.
CREATE TABLE account (
  account_id TEXT NOT NULL PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,               -- the normalised e-mail
  password_hash TEXT,                    -- null until the invitation is accepted
  created_at BIGINT NOT NULL,
  password_changed_at BIGINT,
  version BIGINT NOT NULL
);

CREATE UNIQUE INDEX account_email_key ON account (email_key);

-- A browser signed in at the login host. Lives in the account's home region.
CREATE TABLE session (
  session_hash TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  authenticated_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  remember INTEGER NOT NULL,
  user_agent TEXT NOT NULL
);

CREATE INDEX session_account ON session (account_id);

CREATE TABLE installation (
  installation_id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  api_end_point TEXT NOT NULL,
  logo TEXT NOT NULL,
  login_start_text TEXT NOT NULL,
  chat_enabled INTEGER NOT NULL,
  projects_enabled INTEGER NOT NULL,
  desk_enabled INTEGER NOT NULL,
  company_id INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE company (
  installation_id INTEGER NOT NULL,
  company_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  logo TEXT NOT NULL,
  PRIMARY KEY (installation_id, company_id)
);

CREATE UNIQUE INDEX company_name ON company (installation_id, name);

-- What is on its way to or from another region (docs/moving.md): its writes wait while a row is here. Almost always empty.
CREATE TABLE moving_installation (
  installation_id INTEGER NOT NULL,
  move_id TEXT NOT NULL,
  role TEXT NOT NULL,                    -- leaving | arriving | discarded
  url TEXT,                              -- what arrives is to have these; null: as they are
  api_end_point TEXT,
  PRIMARY KEY (installation_id, move_id)
);

CREATE TABLE moving_account (
  account_id TEXT NOT NULL,
  move_id TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (account_id, move_id)
);

-- A user: one person in one installation. Names its account, which may live in another region.
CREATE TABLE installation_user (
  installation_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  account_id TEXT NOT NULL,
  account_region TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  first_name TEXT NOT NULL,
  last_name TEXT NOT NULL,
  avatar TEXT NOT NULL,
  company_id INTEGER NOT NULL,
  role TEXT NOT NULL,                    -- member | admin
  disabled INTEGER NOT NULL,
  joined INTEGER NOT NULL,               -- 1: its e-mail already had an account
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (installation_id, user_id)
);

CREATE UNIQUE INDEX installation_user_email ON installation_user (installation_id, email_key);

CREATE INDEX installation_user_account ON installation_user (account_id);

CREATE TABLE consent (
  installation_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,                  -- JSON list
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (installation_id, user_id, client_id)
);

CREATE TABLE code (
  code_hash TEXT NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL,
  installation_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  redirect_uri TEXT NOT NULL,
  challenge TEXT,
  scopes TEXT NOT NULL,                  -- JSON list
  nonce TEXT,
  authenticated_at BIGINT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  refusals INTEGER NOT NULL,
  redeemed_at BIGINT,
  token_hash TEXT
);

CREATE INDEX code_expires ON code (expires_at);

-- code_hash names the grant (the login) a token came from: replay of the code, or reuse of a refresh token, ends all of it.
CREATE TABLE token (
  token_hash TEXT NOT NULL PRIMARY KEY,
  token_id TEXT NOT NULL,
  client_id TEXT NOT NULL,
  installation_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  scopes TEXT NOT NULL,                  -- JSON list
  code_hash TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT
);

CREATE UNIQUE INDEX token_id ON token (token_id);

CREATE INDEX token_code ON token (code_hash);

CREATE INDEX token_user ON token (installation_id, user_id, token_id);

CREATE TABLE refresh_token (
  refresh_hash TEXT NOT NULL PRIMARY KEY,
  client_id TEXT NOT NULL,
  installation_id INTEGER NOT NULL,
  user_id INTEGER NOT NULL,
  scopes TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  rotated_at BIGINT,
  revoked_at BIGINT
);

CREATE INDEX refresh_token_code ON refresh_token (code_hash);

CREATE INDEX refresh_token_user ON refresh_token (installation_id, user_id);

-- Failures counted per account, under the account's id (or a decoy's).
CREATE TABLE budget (
  budget_key TEXT NOT NULL PRIMARY KEY,
  window_started_at BIGINT NOT NULL,
  failures INTEGER NOT NULL
);

-- Mails under way. The message is sealed, because it holds links that log people in; the row goes when it is sent.
CREATE TABLE mail (
  mail_id TEXT NOT NULL PRIMARY KEY,
  sealed_message TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt_at BIGINT NOT NULL
);

CREATE INDEX mail_next_attempt ON mail (next_attempt_at);

-- One-time links of mails: an invitation, or a forgotten password.
CREATE TABLE link (
  link_hash TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,                    -- invitation | password_reset
  account_id TEXT NOT NULL,
  installation_id INTEGER,
  user_id INTEGER,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  spent_by TEXT                          -- the one request that spent it
);

CREATE INDEX link_account ON link (account_id);

CREATE INDEX link_expires ON link (expires_at);

CREATE TABLE audit (
  audit_id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL
);

CREATE INDEX audit_at ON audit (at, audit_id);

-- What a server needs of the directory to start while that is down: apps, scopes, API credentials, signing keys, and where
-- installations have moved to. Nothing of it is personal, and secrets are hashed or sealed as they are in the directory.
CREATE TABLE directory_copy (
  kind TEXT NOT NULL,                    -- app | scope | api-credential | installation-route | signing-key
  copy_key TEXT NOT NULL,
  body TEXT NOT NULL,                    -- JSON
  PRIMARY KEY (kind, copy_key)
);

-- How fresh the copy is. Whoever claims it may write to it until somebody else does.
CREATE TABLE directory_copy_state (
  name TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  claimed_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,                   -- of the directory's last change that is in it
  taken_at BIGINT NOT NULL               -- 0: it is not whole
);

INSERT INTO directory_copy_state (name, owner, claimed_at, seq, taken_at) VALUES ('directory', '', 0, 0, 0)
  ON CONFLICT DO NOTHING;
