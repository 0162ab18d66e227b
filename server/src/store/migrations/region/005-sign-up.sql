-- An e-mail that somebody who signs up is proving by a mailed code. The e-mail itself is not here: the page carries it, sealed.

CREATE TABLE sign_up (
  sign_up_hash TEXT NOT NULL PRIMARY KEY,
  code_hash TEXT NOT NULL,               -- HMAC(sign-up, e-mail, code)
  tries INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  proven_at BIGINT                       -- null until the code was typed
);

CREATE INDEX sign_up_expires ON sign_up (expires_at);
