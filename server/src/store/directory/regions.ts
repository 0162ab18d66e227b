import type { Database } from "../database.ts";

/** One row of `region`: a region that was once in service. */
export interface RegionRow {
  name: string;
  /** Seconds since 1970 UTC. */
  createdAt: number;
}

const ENROL = `INSERT INTO region (name, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
const ALL = `SELECT name, created_at AS "createdAt" FROM region ORDER BY name`;

/** The names of all regions that ever were in service, so that a setting that lost one is noticed. */
export const regions = (db: Database) => ({
  enrol: async (names: readonly string[], at: number): Promise<void> => {
    await db.batch(names.map((name) => [ENROL, [name, at]] as const));
  },

  all: (): Promise<RegionRow[]> => db.read<RegionRow>(ALL, []),
});
