import type { Database, Param, Row } from "../database.ts";
import { type MoveKind, markTable, subjectOf } from "./moving.ts";

/** One table of what moves. */
interface Table {
  name: string;
  columns: readonly string[];
  /** Which rows, by `$1`. */
  where: string;
  /** In which order they are read; an index's where there may be many. With what each begins before. */
  order: Readonly<Record<string, "" | 0>>;
  /** Rows that have ended are removed by others meanwhile, so counts go by those that have not. `$2` is now. */
  counted?: string;
}

const OF_INSTALLATION = "installation_id = $1";
const OF_ACCOUNT = "account_id = $1";
const AUDIT = ["audit_id", "at", "actor", "action", "target", "detail"];
const UNEXPIRED = "(expires_at IS NULL OR expires_at > $2)";

/** The installation's own row comes last and goes first: nothing is found without it. */
const TABLES: Readonly<Record<MoveKind | "budget", readonly Table[]>> = {
  installation: [
    {
      name: "company",
      columns: ["installation_id", "company_id", "name", "logo"],
      where: OF_INSTALLATION,
      order: { company_id: 0 },
    },
    {
      name: "installation_user",
      columns: [
        ...["installation_id", "user_id", "account_id", "account_region", "email", "email_key", "first_name"],
        ...["last_name", "avatar", "company_id", "role", "disabled", "joined", "created_at", "updated_at", "version"],
      ],
      where: OF_INSTALLATION,
      order: { user_id: 0 },
    },
    {
      name: "consent",
      columns: ["installation_id", "user_id", "client_id", "scopes", "created_at", "updated_at"],
      where: OF_INSTALLATION,
      order: { user_id: 0, client_id: "" },
    },
    {
      name: "code",
      columns: [
        ...["code_hash", "client_id", "installation_id", "user_id", "redirect_uri", "challenge", "scopes", "nonce"],
        ...["authenticated_at", "issued_at", "expires_at", "refusals", "redeemed_at", "token_hash", "login_id"],
      ],
      where: OF_INSTALLATION,
      order: { code_hash: "" },
      counted: UNEXPIRED,
    },
    {
      name: "token",
      columns: [
        ...["token_hash", "token_id", "client_id", "installation_id", "user_id", "scopes", "code_hash", "issued_at"],
        ...["expires_at", "revoked_at", "first_used_at", "last_used_at"],
      ],
      where: OF_INSTALLATION,
      order: { user_id: 0, token_id: "" },
      counted: UNEXPIRED,
    },
    {
      name: "refresh_token",
      columns: [
        ...["refresh_hash", "client_id", "installation_id", "user_id", "scopes", "code_hash", "issued_at"],
        ...["expires_at", "rotated_at", "revoked_at"],
      ],
      where: OF_INSTALLATION,
      order: { user_id: 0, refresh_hash: "" },
      counted: UNEXPIRED,
    },
    {
      name: "audit",
      columns: AUDIT,
      // `US-12` and `US-12/45`, by the name of whichever region it was in.
      where: `(target LIKE '%-' || CAST($1 AS TEXT) OR target LIKE '%-' || CAST($1 AS TEXT) || '/%')`,
      order: { at: 0, audit_id: "" },
    },
    {
      name: "installation",
      columns: [
        ...["installation_id", "name", "url", "api_end_point", "logo", "login_start_text", "chat_enabled"],
        ...["projects_enabled", "desk_enabled", "company_id", "created_at", "updated_at", "version"],
      ],
      where: OF_INSTALLATION,
      order: { installation_id: 0 },
    },
  ],
  account: [
    {
      name: "link",
      columns: [
        ...["link_hash", "kind", "account_id", "installation_id", "user_id", "created_at", "expires_at", "used_at"],
        "spent_by",
      ],
      where: OF_ACCOUNT,
      order: { link_hash: "" },
      counted: UNEXPIRED,
    },
    {
      name: "audit",
      columns: AUDIT,
      where: "target = $1",
      order: { at: 0, audit_id: "" },
    },
    {
      name: "operator",
      columns: ["account_id", "created_at"],
      where: OF_ACCOUNT,
      order: { account_id: "" },
    },
    {
      name: "account",
      columns: [
        ...["account_id", "email", "email_key", "password_hash", "created_at", "password_changed_at", "version"],
      ],
      where: OF_ACCOUNT,
      order: { account_id: "" },
    },
  ],
  budget: [
    {
      name: "budget",
      columns: ["budget_key", "window_started_at", "failures"],
      where: "budget_key = $1",
      order: { budget_key: "" },
    },
  ],
};

const names = ({ order }: Table) => Object.keys(order);
/** One column, or several as one value. */
const tuple = (items: readonly string[]) => (items.length === 1 ? items[0] : `(${items.join(", ")})`);
const numbered = (first: number, items: readonly unknown[]) => items.map((_, index) => `$${first + index}`);
const marked = (kind: MoveKind, subject: number, roles: string) => {
  const { table, column } = markTable(kind);
  return `EXISTS (SELECT 1 FROM ${table} WHERE ${column} = $${subject} AND move_id = $${subject + 1} AND role IN ${roles})`;
};

// A server that lost its lease and does not know it copies and removes nothing: the mark of its move is gone.
const STATEMENTS_OF = (kind: MoveKind, table: Table) => ({
  page: `SELECT ${table.columns.join(", ")} FROM ${table.name}
    WHERE ${table.where} AND ${tuple(names(table))} > ${tuple(numbered(2, names(table)))}
    ORDER BY ${names(table).join(", ")} LIMIT $${names(table).length + 2}`,
  add: `INSERT INTO ${table.name} (${table.columns.join(", ")}) SELECT ${numbered(1, table.columns).join(", ")}
    WHERE ${marked(kind, table.columns.length + 1, "('arriving')")} ON CONFLICT DO NOTHING`,
  count: `SELECT COUNT(*) AS "count" FROM ${table.name} WHERE ${table.where}${table.counted ? ` AND ${table.counted}` : ""}`,
  remove: `DELETE FROM ${table.name} WHERE ${table.where} AND ${tuple(names(table))} IN (
    SELECT ${names(table).join(", ")} FROM ${table.name} WHERE ${table.where} LIMIT $2)
    AND ${marked(kind, 3, "('leaving', 'discarded')")}`,
});

const STATEMENTS = {
  installation: TABLES.installation.map((table) => STATEMENTS_OF("installation", table)),
  account: TABLES.account.map((table) => STATEMENTS_OF("account", table)),
  budget: TABLES.budget.map((table) => STATEMENTS_OF("account", table)),
};
const MOVE_USERS = `UPDATE installation_user SET account_region = $2 WHERE account_id = $1 AND account_region <> $2`;
const END_SESSIONS = `DELETE FROM session WHERE account_id = $1 AND session_hash IN (
  SELECT session_hash FROM session WHERE account_id = $1 LIMIT $2)`;

/** Rows of a table as they are, to be read in one region and added in another. */
export interface MovingRows {
  of: MoveKind | "budget";
  /** A table of {@link movingRows.tables}. */
  table: number;
  /** An installation's id, an account's, or a budget's key. */
  key: string;
}

/** What a move copies and removes; `subject` and `moveId` name the mark without which neither happens. */
export const movingRows = (db: Database) => {
  const owner = ({ of, key }: MovingRows) => (of === "installation" ? Number(key) : key);
  const descriptorOf = ({ of, table }: MovingRows) => {
    const [found, statements] = [TABLES[of][table], STATEMENTS[of][table]];
    if (!found || !statements) throw new Error(`There is no table ${table} of an ${of}.`);
    return { ...found, statements };
  };

  return {
    /** The numbers of the tables of each kind, in the order in which they are copied; removed in the other one. */
    tables: (of: MovingRows["of"]): number[] => [...TABLES[of].keys()],

    nameOf: (rows: MovingRows): string => descriptorOf(rows).name,

    /** Up to `limit` rows after that one, or the first ones. */
    page: (rows: MovingRows, after: Row | undefined, limit: number): Promise<Row[]> => {
      const { order, statements } = descriptorOf(rows);
      const begin = Object.entries(order).map(([column, start]) => after?.[column] ?? start);
      return db.read<Row>(statements.page, [owner(rows), ...begin, limit]);
    },

    /** Adds those that are not there yet. */
    add: async (rows: MovingRows, found: readonly Row[], subject: string, moveId: string): Promise<void> => {
      const { columns, statements } = descriptorOf(rows);
      const mark = [subjectOf(rows.of === "installation" ? "installation" : "account", subject), moveId];
      const valuesOf = (row: Row): Param[] => columns.map((column) => row[column] ?? null);
      await db.batch(found.map((row) => [statements.add, [...valuesOf(row), ...mark]] as const));
    },

    /** Those that have not ended at `now`. */
    count: async (rows: MovingRows, now: number): Promise<number> => {
      const { counted, statements } = descriptorOf(rows);
      const [row] = await db.read<{ count: number }>(statements.count, counted ? [owner(rows), now] : [owner(rows)]);
      return row?.count ?? 0;
    },

    /** Removes up to `limit` rows and says how many. */
    remove: async (rows: MovingRows, limit: number, subject: string, moveId: string): Promise<number> => {
      const mark = [subjectOf(rows.of === "installation" ? "installation" : "account", subject), moveId];
      const [removed] = await db.batch([[descriptorOf(rows).statements.remove, [owner(rows), limit, ...mark]]]);
      return removed?.count ?? 0;
    },

    /** Tells the users of an account, at most 1,000 in a region, where it lives now. */
    setAccountRegion: async (accountId: string, region: string): Promise<void> => {
      await db.batch([[MOVE_USERS, [accountId, region]]]);
    },

    endSessions: async (accountId: string, limit: number): Promise<number> =>
      (await db.batch([[END_SESSIONS, [accountId, limit]]]))[0]?.count ?? 0,
  };
};
