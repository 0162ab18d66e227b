import type { Database, Statement } from "../../src/store/database.ts";
import type { House } from "../support/house.ts";

/** How much there is of everything. */
export interface Size {
  apps: number;
  users: number;
  events: number;
  /** Of the one app that has half of all events. */
  grants: number;
}

interface Filling {
  house: House;
  size: Size;
  /** The app that half of it is about. */
  client: string;
  /** All others. */
  clients: readonly string[];
}

const INSTALLATIONS = 2_000;
const DAYS = 90;
const METRICS = 6;
const AT_ONCE = 20_000;

const COUNTED = "WITH RECURSIVE n (i) AS (SELECT CAST($1 AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < $2)";
const numbered = (prefix: string, from = 1_000_000_000) => `'${prefix}' || CAST(${from} + i AS TEXT)`;
const PLACE = `1000000 + i % ${INSTALLATIONS}`;
const ACCOUNT = numbered("0".repeat(22));
const EMAIL = numbered("person", 0);
const NAME = (list: string) => `SUBSTR('${list}', 1 + 4 * (i % ${list.length / 4}), 4)`;

const ACCOUNTS = `INSERT INTO account (account_id, email, email_key, created_at, version) ${COUNTED}
  SELECT ${ACCOUNT}, ${EMAIL} || '@crowd.example.com', ${EMAIL} || '@crowd.example.com', CAST($3 AS BIGINT), 1 FROM n`;
const USERS = `INSERT INTO installation_user (installation_id, user_id, account_id, account_region, email, email_key, first_name,
    last_name, avatar, company_id, role, disabled, joined, created_at, updated_at, version) ${COUNTED}
  SELECT ${PLACE}, 1000000 + i, ${ACCOUNT}, 'US', ${EMAIL} || '@crowd.example.com', ${EMAIL} || '@crowd.example.com',
    ${NAME("AdaxBennCameDanaEvelFaysGinaHugoInesJohnKateLiamMaraNoahOlgaPaulQuinRosaSaraTom.")},
    ${NAME("LeesKimsDiazOrtzPetrAbelBondCoxs")}, '', 1, 'member', 0, 0, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 1 FROM n`;
const PLACES = `INSERT INTO installation (installation_id, name, url, api_end_point, logo, login_start_text, chat_enabled,
    projects_enabled, desk_enabled, company_id, created_at, updated_at, version) ${COUNTED}
  SELECT ${PLACE}, ${numbered("Company ", 0)}, 'https://crowd.example.com/', 'https://crowd.example.com/', '', '', 1, 1, 1, 1,
    CAST($3 AS BIGINT), CAST($3 AS BIGINT), 1 FROM n`;
const COMPANIES = `INSERT INTO company (installation_id, company_id, name, logo) ${COUNTED}
  SELECT ${PLACE}, 1, ${numbered("Company ", 0)}, '' FROM n WHERE CAST($3 AS BIGINT) > 0`;
const CONSENTS = `INSERT INTO consent (installation_id, user_id, client_id, scopes, created_at, updated_at) ${COUNTED}
  SELECT ${PLACE}, 1000000 + i, $4, '["projects"]', CAST($3 AS BIGINT), CAST($3 AS BIGINT) FROM n`;
const TOKENS = `INSERT INTO token (token_hash, token_id, client_id, installation_id, user_id, scopes, code_hash, issued_at,
    first_used_at, last_used_at) ${COUNTED}
  SELECT ${numbered("token ")}, ${numbered("id ")}, $4, ${PLACE}, 1000000 + i, '["projects"]', ${numbered("code ")},
    CAST($3 AS BIGINT) - i, CAST($3 AS BIGINT), CAST($3 AS BIGINT) FROM n`;
const EVENTS = `INSERT INTO login_event (event_id, client_id, login_id, at, step, outcome, installation_id, request_id, detail) ${COUNTED}
  SELECT ${numbered("064")}, CAST($4 AS TEXT), 'login' || CAST(i / 7 AS TEXT),
    CAST($3 AS BIGINT) - ${DAYS * 86_400} + CAST(i AS BIGINT) * CAST($5 AS BIGINT) / 1000,
    CASE i % 7 WHEN 0 THEN 'start' WHEN 1 THEN 'page' WHEN 2 THEN 'sign_in' WHEN 3 THEN 'choose' WHEN 4 THEN 'code'
      WHEN 5 THEN 'exchange' ELSE 'first_use' END,
    CASE WHEN i % 50 = 5 THEN 'invalid_grant' ELSE 'ok' END, ${PLACE}, ${numbered("request ")}, '' FROM n`;
const HOURS = `INSERT INTO login_hour (client_id, hour, metric, amount) ${COUNTED}
  SELECT CAST($4 AS TEXT), CAST($3 AS BIGINT) - CAST($3 AS BIGINT) % 3600 - 3600 * (i / ${METRICS}),
    CASE i % ${METRICS} WHEN 0 THEN 'started' WHEN 1 THEN 'finished' WHEN 2 THEN 'exchanged' WHEN 3 THEN 'refused:invalid_grant'
      WHEN 4 THEN 'exchange_ms:10' ELSE 'exchange_ms:50' END, 1 + i % 90 FROM n`;
const AUDIT = `INSERT INTO audit (audit_id, at, actor, action, target, detail) ${COUNTED}
  SELECT ${ACCOUNT}, CAST($3 AS BIGINT) - i, 'operator', 'user.create', ${numbered("US-1/", 0)}, '{}' FROM n`;
const ACCOUNT_ROUTES = `INSERT INTO account_route (account_id, region) ${COUNTED} SELECT ${ACCOUNT}, 'US' FROM n WHERE CAST($3 AS BIGINT) > 0`;
const ACCOUNT_KEYS = `INSERT INTO account_key (email_key, generation, account_id) ${COUNTED}
  SELECT ${numbered("key ")}, 1, ${ACCOUNT} FROM n WHERE CAST($3 AS BIGINT) > 0`;
const ACCOUNT_PLACES = `INSERT INTO account_installation (account_id, installation_id, region) ${COUNTED}
  SELECT ${ACCOUNT}, ${PLACE}, 'US' FROM n WHERE CAST($3 AS BIGINT) > 0`;
const PLACE_ROUTES = `INSERT INTO installation_route (installation_id, region) ${COUNTED} SELECT ${PLACE}, 'US' FROM n WHERE CAST($3 AS BIGINT) > 0`;

/** Fills the directory and the region US past the API, which would take hours: one SQL text for both engines. */
export async function fill({ house, size, client, clients }: Filling): Promise<void> {
  const { directory, regions } = house.deps;
  const { db } = regions.require("US").store;
  const now = house.deps.now();
  const rows = (into: Database, sql: string, count: number, ...more: (string | number)[]) =>
    inParts(into, sql, count, now, more);

  await rows(db, PLACES, INSTALLATIONS);
  await rows(db, COMPANIES, INSTALLATIONS);
  await rows(db, ACCOUNTS, size.users);
  await rows(db, USERS, size.users);
  await rows(db, CONSENTS, size.grants, client);
  await rows(db, TOKENS, size.grants, client);
  await rows(db, EVENTS, size.events / 2, client, Math.floor((DAYS * 86_400_000) / (size.events / 2)));
  const ofOthers = clients.flatMap((one, index): Statement[] => {
    const part = (all: number) => {
      const each = Math.ceil(all / clients.length);
      return [all + index * each + 1, all + (index + 1) * each]; // ids of their own
    };
    return [
      [EVENTS, [...part(size.events), now, one, 1]],
      [TOKENS, [...part(size.users), now, one]],
    ];
  });
  for (let first = 0; first < ofOthers.length; first += 20) await db.batch(ofOthers.slice(first, first + 20));
  await rows(db, HOURS, DAYS * 24 * METRICS, client);
  await rows(db, AUDIT, size.users);

  await rows(directory.db, PLACE_ROUTES, INSTALLATIONS);
  await rows(directory.db, ACCOUNT_ROUTES, size.users);
  await rows(directory.db, ACCOUNT_KEYS, size.users);
  await rows(directory.db, ACCOUNT_PLACES, size.users);
  await rows(directory.db, AUDIT, size.users);
  for (const one of [db, directory.db]) await one.batch([["ANALYZE", []]]);
}

async function inParts(db: Database, sql: string, count: number, now: number, more: readonly (string | number)[]) {
  for (let first = 1; first <= count; first += AT_ONCE)
    await db.batch([[sql, [first, Math.min(count, first + AT_ONCE - 1), now, ...more]]]);
}
