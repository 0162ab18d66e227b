import { type Config, loadConfig, SettingsError } from "./config.ts";
import { pepperStatus, rotatePepper } from "./domain/accounts/rotate-pepper.ts";
import { openStores } from "./house.ts";
import { createLog } from "./log.ts";
import { deriveKeys } from "./secrets.ts";
import { DatabaseUnavailable } from "./store/database.ts";

/**
 * `npm run pepper -- rotate|status`: exchanges what the directory keys e-mails with, while servers run (docs/residency.md).
 * Takes the servers' own settings.
 */
const COMMANDS: Readonly<Record<string, (deps: Awaited<ReturnType<typeof open>>["deps"]) => Promise<void>>> = {
  rotate: (deps) => rotatePepper(deps, { report: (line) => console.log(line) }),

  async status(deps) {
    const all = await pepperStatus(deps);
    for (const { generation, createdAt, keys } of all)
      console.log(
        `Pepper ${generation}: ${createdAt === undefined ? "forgotten" : `since ${new Date(createdAt * 1_000).toISOString()}`}, ${keys} keys.`,
      );
    if (all.length > 1) console.log("A rotation is under way, or was interrupted: run npm run pepper -- rotate.");
  },
};

const [name = ""] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) leave("Usage: npm run pepper -- rotate|status", 2);

const { deps, close } = await open(settings());
try {
  await command(deps);
} catch (error) {
  if (!(error instanceof DatabaseUnavailable)) throw error;
  console.error(`${error.message} Nothing is lost: both peppers are in use. Run it again when the database is back.`);
  process.exitCode = 1;
} finally {
  await close();
}

/** The databases alone, without the jobs of a server. */
async function open(config: Config) {
  const log = createLog({ write: (line) => void process.stderr.write(line) });
  log.level = "error";
  const closers: (() => unknown)[] = [];
  const { directory, regions } = await openStores(config, log, closers).catch((error) => {
    if (error instanceof DatabaseUnavailable) leave(error.message, 1);
    throw error;
  });
  return {
    deps: { directory, regions, keys: deriveKeys(config.secret), now: () => Math.floor(Date.now() / 1_000) },
    async close() {
      for (const closer of closers.reverse()) await closer();
    },
  };
}

function settings(): Config {
  try {
    return loadConfig();
  } catch (error) {
    if (error instanceof SettingsError) leave(error.message, 2);
    throw error;
  }
}

function leave(sentence: string, status: number): never {
  console.error(sentence);
  process.exit(status);
}
