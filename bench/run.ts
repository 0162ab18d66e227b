/**
 * `npm run bench`: our server beside a floor, in the same run, on the same data, by turns. Counted is what a request costs
 * the server in CPU time; the load runs in a third process. `npm run bench -- postgres` does it on PostgreSQL. Each
 * writes its results beside this file. Needs Linux, and 10 minutes, or 30 on PostgreSQL.
 */
import { writeFileSync } from "node:fs";
import { measureEmbedded } from "./embedded.ts";
import { measurePostgres } from "./postgres.ts";
import { endLoad } from "./stage.ts";

const PARTS: Readonly<Record<string, { measure: () => Promise<string>; results: string }>> = {
  embedded: { measure: measureEmbedded, results: "results.md" },
  postgres: { measure: measurePostgres, results: "results-postgres.md" },
};

const [name = "embedded"] = process.argv.slice(2);
const part = PARTS[name];
if (!part) throw new Error(`There is no part ${name}: ${Object.keys(PARTS).join(", ")}.`);
const text = await part.measure();
endLoad();
console.log(text);
writeFileSync(new URL(part.results, import.meta.url), text);
