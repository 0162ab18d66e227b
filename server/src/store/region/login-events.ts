import type { Database, Param, Statement } from "../database.ts";

export type LoginStep = "start" | "page" | "sign_in" | "choose" | "consent" | "code" | "exchange" | "first_use";

/** One row of `login_event`. Times are seconds since 1970 UTC. */
export interface LoginEvent {
  /** Grows with time, so that the steps of one second keep their order. */
  eventId: string;
  clientId: string;
  /** The login it belongs to, or `""`: nothing tells. */
  loginId: string;
  at: number;
  step: LoginStep;
  /** `ok`, or the error that was answered. */
  outcome: string;
  /** `null`: in this region, of whichever installation. 0: of no region, which only happens to keep it. */
  installationId: number | null;
  requestId: string;
  /** Never personal: the redirect URI that was refused, the method of a sign-in. */
  detail: string;
}

/** One row of `login_hour`. */
export interface LoginHour {
  clientId: string;
  /** Its first second. */
  hour: number;
  metric: string;
  amount: number;
}

export interface EventFilter {
  clientId: string;
  /** Both inclusive. */
  from: number;
  until: number;
  /** `""`: any. `errors`: all but `ok`. */
  outcome: string;
  /** 0: any. */
  installationId: number;
  /** Without those of no region. */
  placedOnly: boolean;
}

const COLUMNS = `event_id AS "eventId", client_id AS "clientId", login_id AS "loginId", at, step, outcome,
  installation_id AS "installationId", request_id AS "requestId", detail`;
/** Most of a second's events go in by so many, which costs PostgreSQL's driver a tenth of one by one. */
const TOGETHER = 25;
const rowsOf9 = (rows: number) =>
  Array.from({ length: rows }, (_, row) => `(${Array.from({ length: 9 }, (_, column) => `$${row * 9 + column + 1}`)})`);
const ADDED = "event_id, client_id, login_id, at, step, outcome, installation_id, request_id, detail";
const ADD = `INSERT INTO login_event (${ADDED}) VALUES ${rowsOf9(1)} ON CONFLICT DO NOTHING`;
const ADD_TOGETHER = `INSERT INTO login_event (${ADDED}) VALUES ${rowsOf9(TOGETHER)} ON CONFLICT DO NOTHING`;
const COUNT = `INSERT INTO login_hour (client_id, hour, metric, amount) VALUES ($1, $2, $3, $4)
  ON CONFLICT (client_id, hour, metric) DO UPDATE SET amount = login_hour.amount + excluded.amount`;
const LIST = `SELECT ${COLUMNS} FROM login_event
  WHERE client_id = $1 AND at >= $2 AND at <= $3
    AND ($4 = '' OR outcome = $4 OR ($4 = 'errors' AND outcome <> 'ok'))
    AND ($5 = 0 OR installation_id = $5)
    AND ($6 = 0 OR installation_id IS NULL OR installation_id <> 0)
  ORDER BY at DESC, event_id DESC LIMIT $7`;
const OF_LOGIN = `SELECT ${COLUMNS} FROM login_event WHERE client_id = $1 AND login_id = $2 ORDER BY at, event_id LIMIT 100`;
const ERRORS = `SELECT step, outcome, COUNT(*) AS "count", MIN(at) AS "firstAt",
    MAX(CAST(at AS TEXT) || ' ' || detail) AS "last" FROM login_event WHERE client_id = $1 AND at >= $2 AND outcome <> 'ok' GROUP BY step, outcome`;
const HOURS = `SELECT client_id AS "clientId", hour, metric, amount FROM login_hour
  WHERE client_id = $1 AND hour >= $2 AND hour <= $3 ORDER BY hour LIMIT 20000`;
const LAST_OK = ["start", "exchange", "first_use", "code"]
  .map(
    (step) =>
      `SELECT '${step}' AS step, MAX(at) AS "at" FROM login_event WHERE client_id = $1 AND step = '${step}' AND outcome = 'ok'`,
  )
  .join(" UNION ALL ");
const PURGE = `DELETE FROM login_event WHERE (client_id, event_id) IN
  (SELECT client_id, event_id FROM login_event WHERE at < $1 LIMIT 500)`;

export interface ErrorGroup {
  step: LoginStep;
  outcome: string;
  count: number;
  firstAt: number;
  lastAt: number;
  /** Of the last one. */
  detail: string;
}

const valuesOf = (event: LoginEvent): Param[] => {
  const { eventId, clientId, loginId, at, step, outcome, installationId, requestId, detail } = event;
  return [eventId, clientId, loginId, at, step, outcome, installationId, requestId, detail];
};

export const loginEvents = (db: Database) => ({
  /** A second's worth of them, with what they add to the hours, in one transaction. */
  add: async (events: readonly LoginEvent[], hours: readonly LoginHour[]): Promise<void> => {
    const statements: Statement[] = [];
    for (let first = 0; first < events.length; ) {
      const rows = events.length - first < TOGETHER ? 1 : TOGETHER;
      const values = events.slice(first, first + rows).flatMap(valuesOf);
      statements.push([rows === 1 ? ADD : ADD_TOGETHER, values]);
      first += rows;
    }
    for (const { clientId, hour, metric, amount } of hours) statements.push([COUNT, [clientId, hour, metric, amount]]);
    await db.batch(statements);
  },

  /** The newest first. */
  list: (filter: EventFilter, limit: number): Promise<LoginEvent[]> => {
    const { clientId, from, until, outcome, installationId, placedOnly } = filter;
    return db.read(LIST, [clientId, from, until, outcome, installationId, placedOnly ? 1 : 0, limit]);
  },

  ofLogin: (clientId: string, loginId: string): Promise<LoginEvent[]> => db.read(OF_LOGIN, [clientId, loginId]),

  errorsSince: async (clientId: string, from: number): Promise<ErrorGroup[]> =>
    (await db.read<Omit<ErrorGroup, "lastAt" | "detail"> & { last: string }>(ERRORS, [clientId, from])).map(
      ({ last, ...group }) => {
        const space = last.indexOf(" ");
        return { ...group, lastAt: Number(last.slice(0, space)), detail: last.slice(space + 1) };
      },
    ),

  hours: (clientId: string, from: number, until: number): Promise<LoginHour[]> =>
    db.read(HOURS, [clientId, from, until]),

  /** When each step last went well. */
  lastOk: async (clientId: string): Promise<{ step: LoginStep; at: number }[]> =>
    (await db.read<{ step: LoginStep; at: number | null }>(LAST_OK, [clientId])).flatMap(({ step, at }) =>
      at === null ? [] : [{ step, at }],
    ),

  /** At most 500 in one go. */
  purge: async (before: number): Promise<number> => (await db.batch([[PURGE, [before]]]))[0]?.count ?? 0,
});
