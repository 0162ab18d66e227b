import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { migrate, readMigrations } from "../../src/store/engines/migrate.ts";
import { openSqlite } from "../../src/store/engines/sqlite.ts";
import { regionStore } from "../../src/store/region/region.ts";

const MIGRATIONS = fileURLToPath(new URL("../../src/store/migrations/region", import.meta.url));

/** A directory that is gone when the test is over. */
export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** One region alone, on an embedded database of its own, with a clock turned by hand. */
export async function openRegion(t: TestContext, name = "US") {
  let now = 1_800_000_000;
  const db = await openSqlite(join(temporaryDirectory(t), `${name}.db`), { name, clock: () => now });
  t.after(() => db.close());
  await migrate(db, readMigrations(MIGRATIONS));
  return {
    region: { name, store: regionStore(db), now: db.now },
    db,
    passSeconds(seconds: number) {
      now += seconds;
    },
  };
}
