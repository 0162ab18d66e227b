import { type CommandDeps, leave, runCommand } from "./command.ts";
import { pepperStatus, rotatePepper } from "./domain/accounts/rotate-pepper.ts";

/**
 * `npm run pepper -- rotate|status`: exchanges what the directory keys e-mails with, while servers run (docs/residency.md).
 * Takes the servers' own settings.
 */
const COMMANDS: Readonly<Record<string, (deps: CommandDeps) => Promise<void>>> = {
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
await runCommand(command, "Nothing is lost: both peppers are in use. Run it again when the database is back.");
