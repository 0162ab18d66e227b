import { after } from "node:test";
import { startPostgres, type TestPostgres } from "./postgres.ts";

let postgres: TestPostgres | undefined;
after(() => postgres?.stop());

/** What a house is opened with to keep its rows in that engine, whichever the other tests run on. */
export async function settingsOn(engine: "sqlite" | "postgres"): Promise<Record<string, string>> {
  if (engine === "sqlite") return {};
  postgres ??= await startPostgres();
  return postgres.newDatabases();
}
