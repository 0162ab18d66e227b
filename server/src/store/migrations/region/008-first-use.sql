-- When a token was used the first time: the last step of its login's timeline. Null: not yet.
ALTER TABLE token ADD COLUMN first_used_at BIGINT;
