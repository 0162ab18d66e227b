-- What became of each login of an app, step by step, for its developer: ids and error codes, nothing personal.

CREATE TABLE login_event (
  client_id TEXT NOT NULL,
  event_id TEXT NOT NULL,                -- grows with time
  login_id TEXT NOT NULL,                -- empty where no login is known (a made-up code)
  at BIGINT NOT NULL,
  step TEXT NOT NULL,                    -- start | page | sign_in | choose | consent | code | exchange | first_use
  outcome TEXT NOT NULL,                 -- ok, or an error of ours
  installation_id INTEGER,
  request_id TEXT NOT NULL,
  detail TEXT NOT NULL,                  -- what helps to mend it: the redirect URI that was refused
  PRIMARY KEY (client_id, event_id)
);

CREATE INDEX login_event_client ON login_event (client_id, at, event_id);

CREATE INDEX login_event_login ON login_event (client_id, login_id);

CREATE INDEX login_event_at ON login_event (at);

-- The same by the hour, which is all that charts read.
CREATE TABLE login_hour (
  client_id TEXT NOT NULL,
  hour BIGINT NOT NULL,                  -- its first second
  metric TEXT NOT NULL,                  -- started | finished | exchanged | error:CODE | exchange_ms:UPPER_BOUND
  amount BIGINT NOT NULL,
  PRIMARY KEY (client_id, hour, metric)
);

-- Ties an exchange to the login that its code came from.
ALTER TABLE code ADD COLUMN login_id TEXT;

-- How many grants an app has.
CREATE INDEX token_client ON token (client_id, token_hash);
