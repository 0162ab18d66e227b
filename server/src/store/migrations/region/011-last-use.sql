-- When a token was last used, to the hour. Null: not since this is kept, and perhaps never.
ALTER TABLE token ADD COLUMN last_used_at BIGINT;
