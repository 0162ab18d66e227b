import type { Database, Statement } from "../database.ts";

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
}

const COLUMNS = `event_id AS "eventId", client_id AS "clientId", login_id AS "loginId", at, step, outcome,
  installation_id AS "installationId", request_id AS "requestId", detail`;
const ADD = `INSERT INTO login_event (event_id, client_id, login_id, at, step, outcome, installation_id, request_id, detail)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`;
const COUNT = `INSERT INTO login_hour (client_id, hour, metric, amount) VALUES ($1, $2, $3, $4)
  ON CONFLICT (client_id, hour, metric) DO UPDATE SET amount = login_hour.amount + excluded.amount`;
const LIST = `SELECT ${COLUMNS} FROM login_event
  WHERE client_id = $1 AND at >= $2 AND at <= $3
    AND ($4 = '' OR outcome = $4 OR ($4 = 'errors' AND outcome <> 'ok'))
    AND ($5 = 0 OR installation_id = $5)
  ORDER BY at DESC, event_id DESC LIMIT $6`;
const OF_LOGIN = `SELECT ${COLUMNS} FROM login_event WHERE client_id = $1 AND login_id = $2 ORDER BY at, event_id LIMIT 100`;
const ERRORS = `SELECT step, outcome, COUNT(*) AS "count", MIN(at) AS "firstAt", MAX(at) AS "lastAt", MAX(detail) AS "detail"
  FROM login_event WHERE client_id = $1 AND at >= $2 AND outcome <> 'ok' GROUP BY step, outcome`;
const HOURS = `SELECT client_id AS "clientId", hour, metric, amount FROM login_hour
  WHERE client_id = $1 AND hour >= $2 AND hour <= $3 ORDER BY hour LIMIT 20000`;
const LAST_OK = `SELECT step, MAX(at) AS "at" FROM login_event WHERE client_id = $1 AND outcome = 'ok' GROUP BY step`;
const PURGE = `DELETE FROM login_event WHERE (client_id, event_id) IN
  (SELECT client_id, event_id FROM login_event WHERE at < $1 LIMIT 500)`;

export interface ErrorGroup {
  step: LoginStep;
  outcome: string;
  count: number;
  firstAt: number;
  lastAt: number;
  detail: string;
}

export const loginEvents = (db: Database) => ({
  /** A second's worth of them, with what they add to the hours, in one transaction. */
  add: async (events: readonly LoginEvent[], hours: readonly LoginHour[]): Promise<void> => {
    const statements: Statement[] = [];
    for (const event of events) {
      const { eventId, clientId, loginId, at, step, outcome, installationId, requestId, detail } = event;
      statements.push([ADD, [eventId, clientId, loginId, at, step, outcome, installationId, requestId, detail]]);
    }
    for (const { clientId, hour, metric, amount } of hours) statements.push([COUNT, [clientId, hour, metric, amount]]);
    await db.batch(statements);
  },

  /** The newest first. */
  list: ({ clientId, from, until, outcome, installationId }: EventFilter, limit: number): Promise<LoginEvent[]> =>
    db.read(LIST, [clientId, from, until, outcome, installationId, limit]),

  ofLogin: (clientId: string, loginId: string): Promise<LoginEvent[]> => db.read(OF_LOGIN, [clientId, loginId]),

  errorsSince: (clientId: string, from: number): Promise<ErrorGroup[]> => db.read(ERRORS, [clientId, from]),

  hours: (clientId: string, from: number, until: number): Promise<LoginHour[]> =>
    db.read(HOURS, [clientId, from, until]),

  /** When each step last went well. */
  lastOk: (clientId: string): Promise<{ step: LoginStep; at: number }[]> => db.read(LAST_OK, [clientId]),

  /** At most 500 in one go. */
  purge: async (before: number): Promise<number> => (await db.batch([[PURGE, [before]]]))[0]?.count ?? 0,
});
