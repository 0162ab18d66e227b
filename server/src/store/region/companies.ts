import type { Database, Statement } from "../database.ts";
import { installationStays } from "./moving.ts";

/** One row of `company`: a firm named inside an installation. Those who give the same name share one id. */
export interface Company {
  id: number;
  name: string;
  logo: string;
}

const FIND_BY_NAME = `SELECT company_id AS id, name, logo FROM company WHERE installation_id = $1 AND name = $2`;
const ADD = `INSERT INTO company (installation_id, company_id, name, logo)
  SELECT $1, $2, $3, $4 WHERE ${installationStays("$1")} ON CONFLICT DO NOTHING`;
const SET_LOGO = `UPDATE company SET logo = $3 WHERE installation_id = $1 AND name = $2
  AND ${installationStays("$1")}`;
const REMOVE_ALL = `DELETE FROM company WHERE installation_id = $1 AND company_id IN (
  SELECT company_id FROM company WHERE installation_id = $1 ORDER BY company_id LIMIT $2)`;

/** A company to name in a row about to be written: `id` is used only if nobody has this name yet; without a logo the old one stays. */
export interface NamedCompany {
  id: number;
  name: string;
  logo?: string;
}

/** Makes sure that the company is there; run before a statement that refers to it by its name. */
export const companyStatements = (installationId: number, { id, name, logo }: NamedCompany): Statement[] => [
  [ADD, [installationId, id, name, logo ?? ""]],
  ...(logo === undefined ? [] : ([[SET_LOGO, [installationId, name, logo]]] as const)),
];

export const companies = (db: Database) => ({
  findByName: async (installationId: number, name: string): Promise<Company | undefined> =>
    (await db.read<Company>(FIND_BY_NAME, [installationId, name]))[0],

  /** Removes up to `limit` companies of a deleted installation and says how many. */
  removeAll: async (installationId: number, limit: number): Promise<number> =>
    (await db.batch([[REMOVE_ALL, [installationId, limit]]]))[0]?.count ?? 0,
});
