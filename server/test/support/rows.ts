import type { Database } from "../../src/store/database.ts";
import type { House } from "./house.ts";

/** All rows of all tables of a database, as JSON texts by table, whichever the engine. */
export async function rowsOf(db: Database): Promise<Record<string, string>> {
  const list =
    db.engine === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
      : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name";
  const tables = await db.read<{ name: string }>(list, []);
  if (tables.length === 0) throw new Error("The database has no tables.");
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const all = await db.read(`SELECT * FROM ${name}`, []);
      return [name, JSON.stringify(all.map((row) => JSON.stringify(row)).sort())] as const;
    }),
  );
  return Object.fromEntries(rows);
}

/** The directory's database and the regions', by name. */
export const databasesOf = ({ deps }: House): [string, Database][] => [
  ["directory", deps.directory.db],
  ...deps.regions.all.map(({ name, store }): [string, Database] => [name, store.db]),
];

/** All that a house keeps, by the name of the database; what it noted in passing is written first. */
export async function rowsOfHouse(house: House): Promise<[name: string, rows: Record<string, string>][]> {
  await house.deps.tokenUses.flush();
  await house.deps.timeline.flush();
  return Promise.all(databasesOf(house).map(async ([name, db]) => [name, await rowsOf(db)]));
}
