-- What is personal about the teams whose home this is.

CREATE TABLE team_profile (
  team_id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  publisher_name TEXT NOT NULL,          -- empty until the publisher is set
  publisher_url TEXT NOT NULL,
  privacy_url TEXT NOT NULL,
  terms_url TEXT NOT NULL,
  publisher_email TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE team_invitation (
  invitation_hash TEXT NOT NULL PRIMARY KEY,
  team_id TEXT NOT NULL,
  email TEXT NOT NULL,
  role TEXT NOT NULL,
  invited_by TEXT NOT NULL,              -- account id
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE INDEX team_invitation_team ON team_invitation (team_id);

-- Accounts that may use the operator's pages. Each in its own home region.
CREATE TABLE operator (
  account_id TEXT NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
);
