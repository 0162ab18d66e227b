import { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../../src/config.ts";
import { openHouse } from "../../src/house.ts";
import { createLog } from "../../src/log.ts";

/** The base key of every test house, because the signing keys in the template are sealed with it. */
export const TEST_SECRET = Buffer.alloc(32, "test").toString("base64");

let template: string | undefined;

/**
 * Puts the files of a house that was opened once and never used into `data`: with its schema and its signing keys,
 * which take longer to make than most tests take.
 */
export async function layTemplate(data: string): Promise<void> {
  template ??= await findOrMake();
  const from = template;
  for (const file of readdirSync(from)) cpSync(join(from, file), join(data, file));
}

/** test/run.mjs names a directory that all test files share, so that one of them makes it for all. */
async function findOrMake(): Promise<string> {
  const shared = process.env.LATCHKEY_TEST_SHARED;
  const place = shared && join(shared, "template");
  if (place && isThere(place)) return place;
  const made = await make(shared ?? tmpdir());
  if (!place) {
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    return made;
  }
  try {
    renameSync(made, place);
  } catch {
    rmSync(made, { recursive: true }); // another test file was faster
  }
  return place;
}

async function make(parent: string): Promise<string> {
  const directory = mkdtempSync(join(parent, "latchkey-template-"));
  const config = loadConfig({ LATCHKEY_DATA: directory, LATCHKEY_SECRET: TEST_SECRET, LATCHKEY_ADMIN_TOKEN: "unused" });
  const house = await openHouse(config, { log: createLog({ write() {} }) });
  await house.close();
  for (const file of readdirSync(directory))
    if (!file.endsWith(".db") || file === "lock.db") rmSync(join(directory, file), { recursive: true });
  return directory;
}

function isThere(directory: string): boolean {
  try {
    return readdirSync(directory).length > 0;
  } catch {
    return false;
  }
}
