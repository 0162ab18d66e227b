-- What became of an app's review, for the team whose home this is. Comments are personal: people write them about
-- people's work.
CREATE TABLE app_review (
  client_id TEXT NOT NULL,
  review_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  event TEXT NOT NULL,                   -- submitted | withdrawn | approved | changes_requested | suspended | resumed | scopes_asked | scopes_withdrawn | scopes_granted | scopes_declined
  actor TEXT NOT NULL,                   -- account:ID, or operator
  from_status TEXT NOT NULL,             -- of the app, before
  comment TEXT NOT NULL,
  scopes TEXT NOT NULL,                  -- JSON list: what was asked for
  PRIMARY KEY (client_id, review_id)
);

CREATE INDEX app_review_at ON app_review (client_id, at, review_id);

-- Scopes that a live app asks for beyond those it has, until an operator decides.
CREATE TABLE scope_request (
  client_id TEXT NOT NULL PRIMARY KEY,
  scopes TEXT NOT NULL,                  -- JSON list: those it has not
  asked_at BIGINT NOT NULL
);

-- What operators look for. Names are found by their first three letters, which both engines compare alike.
CREATE INDEX installation_user_id ON installation_user (user_id);

CREATE INDEX installation_user_first ON installation_user (LOWER(SUBSTR(first_name, 1, 3)));

CREATE INDEX installation_user_last ON installation_user (LOWER(SUBSTR(last_name, 1, 3)));

CREATE INDEX installation_name ON installation (LOWER(SUBSTR(name, 1, 3)));
