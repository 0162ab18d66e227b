-- Whether an installation is a team's sandbox is asked of each that an account can come in by.
CREATE INDEX team_sandbox ON team (sandbox_installation_id);
