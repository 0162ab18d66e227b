-- Logins that the portal makes for an app's own developers ("Try it"). Nothing here is kept longer than an hour.

-- Lets such a login begin once and end once, with nothing personal in it.
CREATE TABLE trial_login (
  trial_id TEXT NOT NULL PRIMARY KEY,    -- also the login's id
  expires_at BIGINT NOT NULL,
  started_at BIGINT,
  returned_at BIGINT
);

CREATE INDEX trial_login_expires ON trial_login (expires_at);

-- What was asked and answered, in the region of the user who logged in. Sealed: it holds the code and the token.
CREATE TABLE trial (
  trial_id TEXT NOT NULL PRIMARY KEY,
  sealed TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE INDEX trial_expires ON trial (expires_at);
