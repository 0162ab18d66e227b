import { type AuditEntry, auditStatement } from "../audit.ts";
import type { Database, Param } from "../database.ts";
import { type Company, companyStatements, type NamedCompany } from "./companies.ts";
import { installationStays } from "./moving.ts";

/** One row of `installation` with its company. Times are seconds since 1970 UTC. */
export interface Installation {
  installationId: number;
  name: string;
  /** Ends with `/`, like `apiEndPoint`. */
  url: string;
  apiEndPoint: string;
  logo: string;
  loginStartText: string;
  chatEnabled: boolean;
  projectsEnabled: boolean;
  deskEnabled: boolean;
  company: Company;
  createdAt: number;
  updatedAt: number;
  version: number;
}

type Flag = "chatEnabled" | "projectsEnabled" | "deskEnabled";
type Row = Omit<Installation, "company" | Flag> &
  Record<Flag, number> & { companyId: number; companyName: string; companyLogo: string };

const SELECT = `SELECT i.installation_id AS "installationId", i.name, i.url, i.api_end_point AS "apiEndPoint", i.logo,
    i.login_start_text AS "loginStartText", i.chat_enabled AS "chatEnabled", i.projects_enabled AS "projectsEnabled",
    i.desk_enabled AS "deskEnabled", c.company_id AS "companyId", c.name AS "companyName", c.logo AS "companyLogo",
    i.created_at AS "createdAt", i.updated_at AS "updatedAt", i.version
  FROM installation i JOIN company c ON c.installation_id = i.installation_id AND c.company_id = i.company_id`;
// What is still on its way here lives in the region it comes from.
const HERE = `NOT EXISTS (SELECT 1 FROM moving_installation m
  WHERE m.installation_id = i.installation_id AND m.role <> 'leaving')`;
const FIND = `${SELECT} WHERE i.installation_id = $1 AND ${HERE}`;
const PAGE = `${SELECT} WHERE i.installation_id > $1 AND ${HERE} ORDER BY i.installation_id LIMIT $2`;
const ADD = `INSERT INTO installation (installation_id, name, url, api_end_point, logo, login_start_text, chat_enabled,
    projects_enabled, desk_enabled, updated_at, created_at, company_id, version)
  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, company_id, 1 FROM company
  WHERE installation_id = $1 AND name = $11`;
const CHANGE = `UPDATE installation SET name = $2, url = $3, api_end_point = $4, logo = $5, login_start_text = $6,
    chat_enabled = $7, projects_enabled = $8, desk_enabled = $9, updated_at = $10, version = version + 1,
    company_id = (SELECT company_id FROM company WHERE installation_id = $1 AND name = $11)
  WHERE installation_id = $1 AND version = $12 AND ${installationStays("$1")}`;
const REMOVE = `DELETE FROM installation WHERE installation_id = $1 AND ${installationStays("$1")}`;

const installationOf = ({ companyId, companyName, companyLogo, ...row }: Row): Installation => ({
  ...row,
  chatEnabled: row.chatEnabled === 1,
  projectsEnabled: row.projectsEnabled === 1,
  deskEnabled: row.deskEnabled === 1,
  company: { id: companyId, name: companyName, logo: companyLogo },
});

export type InstallationDraft = Omit<Installation, "company"> & { company: NamedCompany };

/** `$1` to `$11` of both ADD and CHANGE. */
const parameters = (draft: InstallationDraft): Param[] => [
  draft.installationId,
  draft.name,
  draft.url,
  draft.apiEndPoint,
  draft.logo,
  draft.loginStartText,
  draft.chatEnabled ? 1 : 0,
  draft.projectsEnabled ? 1 : 0,
  draft.deskEnabled ? 1 : 0,
  draft.updatedAt,
  draft.company.name,
];

export const installations = (db: Database) => ({
  find: async (installationId: number): Promise<Installation | undefined> =>
    (await db.read<Row>(FIND, [installationId])).map(installationOf)[0],

  page: async (after: number, limit: number): Promise<Installation[]> =>
    (await db.read<Row>(PAGE, [after, limit])).map(installationOf),

  add: async (draft: InstallationDraft, entry: AuditEntry): Promise<void> => {
    await db.batch([
      ...companyStatements(draft.installationId, draft.company),
      [ADD, [...parameters(draft), draft.createdAt]],
      auditStatement(entry),
    ]);
  },

  /** False when the row is no longer at `draft.version`, or on the move. */
  change: (draft: InstallationDraft, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      for (const [sql, params] of companyStatements(draft.installationId, draft.company)) await tx.run(sql, params);
      const { count } = await tx.run(CHANGE, [...parameters(draft), draft.version]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),

  /** Ends the installation at once, for tokens are checked with it. False when it was not there, or is on the move. */
  remove: (installationId: number, entry: AuditEntry): Promise<boolean> =>
    db.transaction(async (tx) => {
      const { count } = await tx.run(REMOVE, [installationId]);
      if (count === 1) await tx.run(...auditStatement(entry));
      return count === 1;
    }),
});
