-- Teams of developers: account ids only. Their names, publishers and invitations live in the team's home region.

CREATE TABLE team (
  team_id TEXT NOT NULL PRIMARY KEY,
  region TEXT NOT NULL,                  -- where its profile lives: the home of the account that made it
  sandbox_installation_id INTEGER,       -- null until it is made
  created_at BIGINT NOT NULL
);

CREATE TABLE team_member (
  team_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_region TEXT NOT NULL,
  role TEXT NOT NULL,                    -- owner | admin | developer | viewer
  created_at BIGINT NOT NULL,
  PRIMARY KEY (team_id, account_id)
);

CREATE INDEX team_member_account ON team_member (account_id);

-- Whose app it is. Apps of the operator's API belong to no team.
CREATE TABLE team_app (
  client_id TEXT NOT NULL PRIMARY KEY,
  team_id TEXT NOT NULL,
  platform TEXT NOT NULL,                -- web | spa | extension | native | cli
  created_at BIGINT NOT NULL,
  suspended_from TEXT,                   -- the status that its own team suspended it from; null: it did not
  suspended_version BIGINT               -- the version the app then got
);

CREATE INDEX team_app_team ON team_app (team_id, client_id);
