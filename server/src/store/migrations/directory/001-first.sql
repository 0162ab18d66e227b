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

-- An account -> the region that is its home.
CREATE TABLE account_route (
  account_id TEXT NOT NULL PRIMARY KEY,
  region TEXT NOT NULL
);

-- HMAC(pepper, normalised e-mail) -> the account. While the pepper is rotated, each account has a key of both.
CREATE TABLE account_key (
  email_key TEXT NOT NULL PRIMARY KEY,
  generation INTEGER NOT NULL,           -- of the pepper
  account_id TEXT NOT NULL
);

CREATE INDEX account_key_generation ON account_key (generation, email_key);

CREATE INDEX account_key_account ON account_key (account_id, generation);

-- What e-mails are keyed with, sealed with a key derived from LATCHKEY_SECRET: one row, two while it is rotated.
CREATE TABLE pepper (
  generation INTEGER NOT NULL PRIMARY KEY,
  sealed_pepper TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

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
  region TEXT NOT NULL,
  moved_at BIGINT                        -- null: it lives where it was made, and where its tokens say
);

CREATE INDEX installation_route_moved ON installation_route (moved_at);

-- The last move of an installation or an account to another region (docs/moving.md), under way or over.
CREATE TABLE move (
  kind TEXT NOT NULL,                    -- installation | account
  subject TEXT NOT NULL,                 -- its id
  move_id TEXT NOT NULL,
  from_region TEXT NOT NULL,
  to_region TEXT NOT NULL,
  state TEXT NOT NULL,                   -- copying | flipped | done | undoing | undone
  owner TEXT NOT NULL,                   -- the server at work on it, until its lease ends
  lease_ends_at BIGINT NOT NULL,
  copied_rows BIGINT NOT NULL,
  problem TEXT NOT NULL,                 -- why it does not get on, empty when it does
  started_at BIGINT NOT NULL,
  flipped_at BIGINT,
  finished_at BIGINT,
  PRIMARY KEY (kind, subject)
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
