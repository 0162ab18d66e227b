-- What failed in an app's logins, grouped: nothing else is read for it, however much went well.
CREATE INDEX login_event_error ON login_event (client_id, at, step, outcome, detail) WHERE outcome <> 'ok';
