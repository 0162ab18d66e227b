-- Tokens that may have been made while the way to their region was cut, and that nobody was told. Hashes only.
CREATE TABLE unseen_token (
  spent_hash TEXT NOT NULL,              -- the code, or the refresh token, that was traded for it
  made_hash TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (spent_hash, made_hash)
);

CREATE INDEX unseen_token_expiry ON unseen_token (expires_at);
