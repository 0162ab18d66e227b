-- The directory: global, small, no personal data (docs/residency.md). Times are seconds since 1970 UTC.

CREATE TABLE app (
  client_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,                    -- confidential | public
  status TEXT NOT NULL,                  -- live | development | submitted | changes_requested | suspended
  redirect_uris TEXT NOT NULL,           -- JSON list
  allowed_origins TEXT NOT NULL,         -- JSON list
  scopes TEXT NOT NULL,                  -- JSON list
  test_installations TEXT NOT NULL,      -- JSON list of ids
  tokens TEXT NOT NULL,                  -- permanent | expiring
  code_lifetime_seconds INTEGER NOT NULL,
  trusted INTEGER NOT NULL,
  pkce_compat INTEGER NOT NULL,
  id_token_alg TEXT NOT NULL,            -- RS256 | ES256
  icon TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE app_secret (
  client_id TEXT NOT NULL,
  secret_id TEXT NOT NULL,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  hint TEXT NOT NULL,                    -- its last four characters
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,                   -- to the hour
  PRIMARY KEY (client_id, secret_id)
);

CREATE TABLE api_credential (
  credential_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  hint TEXT NOT NULL,
  regions TEXT NOT NULL,                 -- JSON list; empty means all
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE scope (
  name TEXT NOT NULL PRIMARY KEY,
  description TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- The scopes of the guide. Seeded here, once, so that one an operator deletes does not come back.
INSERT INTO scope (name, description, created_at, updated_at, version) VALUES
  ('projects', 'Read and change projects and their tasks', 0, 0, 1),
  ('desk', 'Read and answer support tickets', 0, 0, 1),
  ('chat', 'Read and write chat messages', 0, 0, 1),
  ('spaces', 'Read and edit spaces and their pages', 0, 0, 1),
  ('crm', 'Read and change contacts, companies and deals', 0, 0, 1)
  ON CONFLICT DO NOTHING;

-- Ids of installations, users and companies are handed out from here, in blocks, and never used again.
CREATE TABLE id_block (
  kind TEXT NOT NULL PRIMARY KEY,        -- installation | user | company
  next_id BIGINT NOT NULL
);

-- HMAC(pepper, normalised e-mail) -> where the account lives.
CREATE TABLE account_route (
  email_key TEXT NOT NULL PRIMARY KEY,
  account_id TEXT NOT NULL,
  region TEXT NOT NULL
);

CREATE INDEX account_route_account ON account_route (account_id);

-- account -> the installations in which it has a user.
CREATE TABLE account_installation (
  account_id TEXT NOT NULL,
  installation_id INTEGER NOT NULL,
  region TEXT NOT NULL,
  PRIMARY KEY (account_id, installation_id)
);

CREATE INDEX account_installation_installation ON account_installation (installation_id);

CREATE TABLE installation_route (
  installation_id INTEGER NOT NULL PRIMARY KEY,
  region TEXT NOT NULL
);

CREATE TABLE region (
  name TEXT NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
);

-- Failures counted per address, under HMAC(pepper, address).
CREATE TABLE budget (
  budget_key TEXT NOT NULL PRIMARY KEY,
  window_started_at BIGINT NOT NULL,
  failures INTEGER NOT NULL
);

-- What id_tokens are signed with; private keys are sealed with a key derived from LATCHKEY_SECRET.
CREATE TABLE signing_key (
  key_id TEXT NOT NULL PRIMARY KEY,
  algorithm TEXT NOT NULL,               -- ES256 | RS256
  public_jwk TEXT NOT NULL,
  sealed_private_jwk TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE audit (
  audit_id TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL                   -- JSON
);

CREATE INDEX audit_at ON audit (at, audit_id);

-- What servers must learn of each other's writes. `seq` comes from the counter row, updated in the same
-- transaction as the change, so commit order is `seq` order and polling `seq > n` misses nothing.
CREATE TABLE change (
  seq BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  keys TEXT NOT NULL,                    -- JSON
  at BIGINT NOT NULL
);

CREATE TABLE change_counter (
  name TEXT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);

INSERT INTO change_counter (name, seq) VALUES ('change', 0) ON CONFLICT DO NOTHING;
