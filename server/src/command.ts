import { type Config, loadConfig, SettingsError } from "./config.ts";
import type { Deps } from "./deps.ts";
import { createEmailKeys } from "./domain/accounts/email-keys.ts";
import { openStores } from "./house.ts";
import { createLog } from "./log.ts";
import { deriveKeys } from "./secrets.ts";
import { DatabaseUnavailable } from "./store/database.ts";

/** What a command of the operator's works with: the servers' own settings and databases, without a server's jobs. */
export type CommandDeps = Pick<Deps, "config" | "directory" | "regions" | "keys" | "emailKeys" | "now" | "log">;

/**
 * Runs one of the commands beside whatever servers run: each of them is one that databases can be asked from outside.
 *
 * @param lost  what to say when a database is lost on the way and nothing was done.
 */
export async function runCommand(command: (deps: CommandDeps) => Promise<void>, lost: string): Promise<void> {
  const { deps, close } = await open(settings());
  try {
    await command(deps);
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    console.error(`${error.message} ${error.outcome === "unknown" ? IN_DOUBT : lost}`);
    process.exitCode = 1;
  } finally {
    await close();
  }
}

const IN_DOUBT = "Whether it was done is not known: run it again, which does no harm.";

async function open(config: Config): Promise<{ deps: CommandDeps; close(): Promise<void> }> {
  const log = createLog({ write: (line) => void process.stderr.write(line) });
  log.level = "error";
  const closers: (() => unknown)[] = [];
  const { directory, regions } = await openStores(config, log, closers).catch((error) => {
    if (error instanceof DatabaseUnavailable) leave(error.message, 1);
    throw error;
  });
  const keys = deriveKeys(config.secret);
  const now = () => Math.floor(Date.now() / 1_000);
  return {
    deps: { config, directory, regions, keys, emailKeys: createEmailKeys(directory, keys, now), now, log },
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

/** One clear sentence and no stack. */
export function leave(sentence: string, status: number): never {
  console.error(sentence);
  process.exit(status);
}
