import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Param, Statement } from "../database.ts";
import { writeAndTell } from "./changes.ts";

export type AppKind = "confidential" | "public";
export type AppStatus = "live" | "development" | "submitted" | "changes_requested" | "suspended";

/** One row of `app` with its secrets. Times are seconds since 1970 UTC. */
export interface App {
  clientId: string;
  name: string;
  kind: AppKind;
  status: AppStatus;
  redirectUris: readonly string[];
  allowedOrigins: readonly string[];
  scopes: readonly string[];
  /** Installations whose users may log in while the app is not live. */
  testInstallations: readonly number[];
  tokens: "permanent" | "expiring";
  codeLifetimeSeconds: number;
  /** Its users are never asked for consent. */
  trusted: boolean;
  pkceCompat: boolean;
  idTokenSignedResponseAlg: "RS256" | "ES256";
  icon: string;
  url: string;
  description: string;
  createdAt: number;
  updatedAt: number;
  version: number;
  secrets: readonly AppSecret[];
}

/** One row of `app_secret`. The secret itself is never stored. */
export interface AppSecret {
  secretId: string;
  name: string;
  secretHash: string;
  /** Its last four characters. */
  hint: string;
  createdAt: number;
  /** From this second on it is no longer accepted. */
  expiresAt: number | null;
  /** To the hour. */
  lastUsedAt: number | null;
}

/** A secret that another one takes the place of. */
export interface EndingSecret {
  secretId: string;
  /** Seconds since 1970 UTC. One that ends sooner already does so. */
  expiresAt: number;
  entry: AuditEntry;
}

type ListColumn = "redirectUris" | "allowedOrigins" | "scopes" | "testInstallations";
type FlagColumn = "trusted" | "pkceCompat";
type AppRow = Omit<App, "secrets" | ListColumn | FlagColumn> & Record<ListColumn, string> & Record<FlagColumn, number>;
type SecretRow = AppSecret & { clientId: string };

const COLUMNS = `client_id AS "clientId", name, kind, status, redirect_uris AS "redirectUris",
  allowed_origins AS "allowedOrigins", scopes, test_installations AS "testInstallations", tokens,
  code_lifetime_seconds AS "codeLifetimeSeconds", trusted, pkce_compat AS "pkceCompat",
  id_token_alg AS "idTokenSignedResponseAlg", icon, url, description,
  created_at AS "createdAt", updated_at AS "updatedAt", version`;
const FIND = `SELECT ${COLUMNS} FROM app WHERE client_id = $1`;
const PAGE = `SELECT ${COLUMNS} FROM app WHERE client_id > $1 ORDER BY client_id LIMIT $2`;
const REGISTER = `INSERT INTO app (client_id, kind, name, status, redirect_uris, allowed_origins, scopes,
    test_installations, tokens, code_lifetime_seconds, trusted, pkce_compat, id_token_alg, icon, url, description,
    updated_at, created_at, version)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1) ON CONFLICT DO NOTHING`;
const CHANGE = `UPDATE app SET name = $3, status = $4, redirect_uris = $5, allowed_origins = $6, scopes = $7,
    test_installations = $8, tokens = $9, code_lifetime_seconds = $10, trusted = $11, pkce_compat = $12,
    id_token_alg = $13, icon = $14, url = $15, description = $16, updated_at = $17, version = version + 1
  WHERE client_id = $1 AND kind = $2 AND version = $18`;
const REMOVE = `DELETE FROM app WHERE client_id = $1`;
const REMOVE_SECRETS = `DELETE FROM app_secret WHERE client_id = $1`;

const SECRET_COLUMNS = `client_id AS "clientId", secret_id AS "secretId", name, secret_hash AS "secretHash", hint,
  created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt"`;
const SECRETS_OF = `SELECT ${SECRET_COLUMNS} FROM app_secret WHERE client_id = $1 ORDER BY created_at, secret_id`;
const SECRETS_BETWEEN = `SELECT ${SECRET_COLUMNS} FROM app_secret WHERE client_id > $1 AND client_id <= $2
  ORDER BY client_id, created_at, secret_id`;
const ADD_SECRET = `INSERT INTO app_secret (client_id, secret_id, name, secret_hash, hint, created_at, expires_at)
  SELECT client_id, $2, $3, $4, $5, $6, $7 FROM app WHERE client_id = $1`;
const REMOVE_SECRET = `DELETE FROM app_secret WHERE client_id = $1 AND secret_id = $2`;
// Only ever sooner: a secret that ends cannot be made to live on.
const END_SECRET = `UPDATE app_secret SET expires_at = $3
  WHERE client_id = $1 AND secret_id = $2 AND (expires_at IS NULL OR expires_at > $3)`;
const MARK_SECRET_USED = `UPDATE app_secret SET last_used_at = $3
  WHERE client_id = $1 AND secret_id = $2 AND (last_used_at IS NULL OR last_used_at < $3)`;

const appOf = (row: AppRow, secrets: readonly SecretRow[]): App => ({
  ...row,
  redirectUris: JSON.parse(row.redirectUris),
  allowedOrigins: JSON.parse(row.allowedOrigins),
  scopes: JSON.parse(row.scopes),
  testInstallations: JSON.parse(row.testInstallations),
  trusted: row.trusted === 1,
  pkceCompat: row.pkceCompat === 1,
  secrets: secrets.map(({ clientId: _, ...secret }) => secret),
});

/** `$1` to `$17` of both REGISTER and CHANGE. */
const parameters = (app: App): Param[] => [
  app.clientId,
  app.kind,
  app.name,
  app.status,
  JSON.stringify(app.redirectUris),
  JSON.stringify(app.allowedOrigins),
  JSON.stringify(app.scopes),
  JSON.stringify(app.testInstallations),
  app.tokens,
  app.codeLifetimeSeconds,
  app.trusted ? 1 : 0,
  app.pkceCompat ? 1 : 0,
  app.idTokenSignedResponseAlg,
  app.icon,
  app.url,
  app.description,
  app.updatedAt,
];

const addSecret = (clientId: string, secret: AppSecret): Statement => [
  ADD_SECRET,
  [clientId, secret.secretId, secret.name, secret.secretHash, secret.hint, secret.createdAt, secret.expiresAt],
];

/** Apps and their secrets. Every write tells the other servers of it in the same transaction. */
export const apps = (db: Database) => {
  const tell = (clientId: string, entry: AuditEntry, write: Statement, more?: Statement[]) =>
    writeAndTell(db, "app", clientId, entry, write, more);

  return {
    find: async (clientId: string): Promise<App | undefined> => {
      const [row] = await db.read<AppRow>(FIND, [clientId]);
      return row && appOf(row, await db.read<SecretRow>(SECRETS_OF, [clientId]));
    },

    /** Apps in the order of their client ids, after the one given. */
    page: async (after: string, limit: number): Promise<App[]> => {
      const rows = await db.read<AppRow>(PAGE, [after, limit]);
      const last = rows.at(-1)?.clientId;
      if (last === undefined) return [];
      const secrets = Map.groupBy(await db.read<SecretRow>(SECRETS_BETWEEN, [after, last]), (s) => s.clientId);
      return rows.map((row) => appOf(row, secrets.get(row.clientId) ?? []));
    },

    /** False when there is one of that client id. */
    register: (app: App, entry: AuditEntry) =>
      tell(
        app.clientId,
        entry,
        [REGISTER, [...parameters(app), app.createdAt]],
        app.secrets.map((secret) => addSecret(app.clientId, secret)),
      ),

    /** False when the row is no longer at `app.version`. */
    change: (app: App, entry: AuditEntry) => tell(app.clientId, entry, [CHANGE, [...parameters(app), app.version]]),

    /** False when it was not there. */
    remove: (clientId: string, entry: AuditEntry) =>
      tell(clientId, entry, [REMOVE, [clientId]], [[REMOVE_SECRETS, [clientId]]]),

    /** False when the app is gone. */
    addSecret: (clientId: string, secret: AppSecret, entry: AuditEntry, ending?: EndingSecret) =>
      tell(
        clientId,
        entry,
        addSecret(clientId, secret),
        ending && [[END_SECRET, [clientId, ending.secretId, ending.expiresAt]], auditStatement(ending.entry)],
      ),

    removeSecret: (clientId: string, secretId: string, entry: AuditEntry) =>
      tell(clientId, entry, [REMOVE_SECRET, [clientId, secretId]]),

    /** Not told to other servers: nobody decides by it. */
    markSecretUsed: async (clientId: string, secretId: string, at: number): Promise<void> => {
      await db.batch([[MARK_SECRET_USED, [clientId, secretId, at]]]);
    },
  };
};
