import { join } from "node:path";
import type { Settings } from "./settings.ts";

/** Where a database is. */
export type DatabaseAddress = { engine: "sqlite"; file: string } | { engine: "postgres"; url: string };

export interface RegionAddress {
  name: string;
  database: DatabaseAddress;
}

const REGION_NAME = /^[A-Z][A-Z0-9]{1,15}$/;

/** `LATCHKEY_DIRECTORY`: embedded when not set. */
export function directoryAddress(settings: Settings, dataDirectory: string): DatabaseAddress {
  const url = settings.secret("LATCHKEY_DIRECTORY");
  if (url === undefined) return { engine: "sqlite", file: join(dataDirectory, "directory.db") };
  if (!isPostgres(url)) settings.problems.push("LATCHKEY_DIRECTORY must be a postgres:// address.");
  return { engine: "postgres", url };
}

/** `LATCHKEY_REGIONS`: names, each alone (embedded) or with `=postgres://…`. */
export function regionAddresses(settings: Settings, dataDirectory: string): readonly RegionAddress[] {
  const regions: RegionAddress[] = [];
  for (const entry of (settings.secret("LATCHKEY_REGIONS") ?? "US,EU").split(",")) {
    const [name = "", url] = splitOnce(entry.trim(), "=");
    if (!REGION_NAME.test(name)) {
      // The entry itself may hold a password, so only its place is told.
      settings.problems.push(
        `LATCHKEY_REGIONS: entry ${regions.length + 1} must begin with a name of 2 to 16 capital letters and digits, such as US or EU=postgres://….`,
      );
      return regions;
    }
    if (regions.some((region) => region.name === name))
      settings.problems.push(`LATCHKEY_REGIONS names ${name} more than once.`);
    if (url !== undefined && !isPostgres(url))
      settings.problems.push(`LATCHKEY_REGIONS: the database of ${name} must be a postgres:// address.`);
    const file = join(dataDirectory, `region-${name}.db`);
    regions.push({ name, database: url === undefined ? { engine: "sqlite", file } : { engine: "postgres", url } });
  }
  return regions;
}

/** The directory and every region have a database of their own: their tables share names, and residency is the point. */
export function checkDatabasesDiffer(
  settings: Settings,
  directory: DatabaseAddress,
  regions: readonly RegionAddress[],
): void {
  const ownerOf = new Map<string, string>();
  for (const { name, database } of [{ name: "the directory", database: directory }, ...regions]) {
    if (database.engine !== "postgres" || !isPostgres(database.url)) continue;
    const { host, pathname } = new URL(database.url);
    const place = `${host}${pathname}`;
    const owner = ownerOf.get(place);
    if (owner === undefined) ownerOf.set(place, name);
    else settings.problems.push(`LATCHKEY_REGIONS: ${name} must not share a database with ${owner}.`);
  }
}

const isPostgres = (url: string) =>
  URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol) && new URL(url).pathname.length > 1;

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
