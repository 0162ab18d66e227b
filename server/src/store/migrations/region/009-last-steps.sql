-- When each step of an app's logins last went well, however many there were.
CREATE INDEX login_event_step ON login_event (client_id, step, outcome, at);
