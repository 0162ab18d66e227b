import { type CommandDeps, leave, runCommand } from "./command.ts";
import { addOperator, listOperators, removeOperator } from "./domain/portal/operators.ts";

/**
 * `npm run operator -- add|remove EMAIL`, `npm run operator -- list`: who may use the operator's pages. Works beside
 * running servers, which know at once. Takes their settings.
 */
const COMMANDS: Readonly<Record<string, (deps: CommandDeps, email: string) => Promise<void>>> = {
  async add(deps, email) {
    const added = await addOperator(deps, email, ACTOR);
    if (added === "unknown") return fail(`${email} has no account. Invite the person first, or let them sign up.`);
    if (added === "moving") return fail(moving(email));
    const verb = added === "there" ? "is an operator already" : "is an operator now";
    console.log(`${email} ${verb}: ${deps.config.url}/operator`);
  },

  async remove(deps, email) {
    const removed = await removeOperator(deps, email, ACTOR);
    if (removed === "unknown") return fail(`${email} has no account.`);
    if (removed === "moving") return fail(moving(email));
    console.log(removed === "there" ? `${email} was no operator.` : `${email} is no operator any more.`);
  },

  async list(deps) {
    const { items: operators, unavailableRegions } = await listOperators(deps);
    for (const { email, region, createdAt } of operators)
      console.log(`${email}  ${region}  since ${new Date(createdAt * 1_000).toISOString().slice(0, 10)}`);
    if (operators.length === 0) console.log("Nobody. Add one: npm run operator -- add EMAIL");
    if (unavailableRegions.length > 0) fail(`Not asked, for they do not answer: ${unavailableRegions.join(", ")}.`);
  },
};

/** Who did it, in the audit logs. */
const ACTOR = "operator command";

const moving = (email: string) => `${email} is on its way to another region. Try again when it is there.`;

function fail(sentence: string): void {
  console.error(sentence);
  process.exitCode = 1;
}

const [name = "", email = ""] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command || (name === "list") !== (email === "")) leave("Usage: npm run operator -- add|remove EMAIL, or list", 2);
await runCommand((deps) => command(deps, email), "Nothing was changed. Run it again when the database is back.");
