import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { findSignIn } from "../../src/domain/accounts/email-keys.ts";
import { pepperStatus } from "../../src/domain/accounts/rotate-pepper.ts";
import { createFormFiller } from "../support/form-filler.ts";
import { type House, openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { startPostgres } from "../support/postgres.ts";
import { reportFault } from "../support/promises.ts";
import { TEST_SECRET } from "../support/template.ts";
import { logIn, type TestUser, worldOf } from "../support/world.ts";

const COMMAND = fileURLToPath(new URL("../../src/pepper.ts", import.meta.url));
const HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA";
/** Enough that a run takes several pages, and can be killed between them. */
const SETTLERS = 1_500;
const KILLS = 4;

const postgres = await startPostgres();
after(() => postgres.stop());

async function openServers() {
  const settings = await postgres.newDatabases();
  const servers = [await openHouse({ settings }), await openHouse({ settings })] as const;
  return { servers, settings };
}

/** `npm run pepper -- rotate` as a process of its own. */
function rotate(settings: Record<string, string>) {
  const env = {
    ...settings,
    LATCHKEY_SECRET: TEST_SECRET,
    LATCHKEY_ADMIN_TOKEN: "unused",
    PATH: process.env.PATH ?? "",
  };
  const child: ChildProcess = spawn(process.execPath, [COMMAND, "rotate"], { env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = once(child, "close").then(([status]) => status as number | null);
  return {
    ended,
    output: () => output,
    kill: () => child.kill("SIGKILL"),
    /** Resolves when the output says it, or the process has ended. */
    says: (words: RegExp) =>
      Promise.race([
        ended,
        (async () => {
          while (!words.test(output)) await once(child.stdout ?? child, "data");
        })(),
      ]),
  };
}

/** Accounts by the hundreds, without paying for a user each. */
async function settle({ deps }: House): Promise<string[]> {
  const emails = Array.from({ length: SETTLERS }, (_, number) => `settler${number}@example.com`);
  for (const [number, email] of emails.entries()) {
    const region = deps.regions.all[number % 2];
    assert.ok(region);
    const accountId = number.toString(16).padStart(32, "0");
    await deps.directory.routes.addAccount(await deps.emailKeys.of(email), { accountId, region: region.name });
    const at = region.now();
    await region.store.accounts.add({
      accountId,
      email,
      emailKey: email,
      passwordHash: HASH,
      createdAt: at,
      passwordChangedAt: at,
    });
  }
  return emails;
}

test("the pepper is rotated under load on two servers, killed time and again: nobody is refused, doubled or lost", async () => {
  const { servers, settings } = await openServers();
  const [here, there] = servers;
  const world = worldOf(here);
  const places = [await world.addInstallation("US"), await world.addInstallation("EU")] as const;
  const app = await world.registerApp({ trusted: true });
  const users = [await world.addUser(places[0]), await world.addUser(places[1])] as const;
  const emails = [...users.map(({ email }) => email), ...(await settle(here))];
  await there.deps.apps.catchUp();

  let rotating = true;
  const served = { logins: 0, registrations: 0, invitations: 0 };
  const invited: TestUser[] = [];
  const load = (async () => {
    for (let number = 0; rotating; number++) {
      const [both, guest] = [`both${number}@example.com`, `guest${number}@example.com`];
      // One e-mail in two installations of two regions, at two servers, at once: one account.
      const [, , , , person] = await Promise.all([
        logIn(here, app, users[0]),
        logIn(there, app, users[1]),
        worldOf(here).addUser(places[0], { email: both, passwordHash: HASH, password: undefined }),
        worldOf(there).addUser(places[1], { email: both, passwordHash: HASH, password: undefined }),
        worldOf(there).addUser(places[1], { email: guest, password: undefined }),
      ]);
      emails.push(both, guest);
      invited.push({ ...person, password: "seven tidy giraffes" });
      served.logins += 2;
      served.registrations += 2;
      served.invitations += 1;
    }
  })();

  const deaths = [/is added/, /have a key/, /is forgotten|have a key/, /goes on/];
  for (let kills = 0; kills < KILLS; kills++) {
    const run = rotate(settings);
    await run.says(deaths[kills % deaths.length] ?? /$/);
    run.kill();
    assert.notEqual(await run.ended, 0, "it was killed in the middle");
  }
  const last = rotate(settings);
  assert.equal(await last.ended, 0, last.output());
  rotating = false;
  await load;

  const [status, ...others] = await pepperStatus(here.deps);
  assert.deepEqual(others, [], "one pepper is left");
  assert.equal(status?.keys, emails.length, "each account has one key");
  const counts = await Promise.all(
    here.deps.regions.all.map(({ store }) =>
      store.db.read<{ count: number }>("SELECT COUNT(*) AS count FROM account", []),
    ),
  );
  assert.equal(
    counts.reduce((sum, [row]) => sum + (row?.count ?? 0), 0),
    emails.length,
    "no account is doubled",
  );
  for (const server of servers)
    for (const email of emails) {
      const { account } = await findSignIn(server.deps, email, "login:nobody");
      const home = account && server.deps.regions.find(account.region);
      assert.equal((await home?.store.accounts.find(account?.accountId ?? ""))?.emailKey, email);
    }
  for (const user of users) await logIn(there, app, user);
  await accept(servers, invited.at(-1) ?? assert.fail());
  reportFault({
    fault: `pepper rotated under load, the command killed ${KILLS} times (kill -9)`,
    promise: "nobody is refused, doubled or lost; one pepper is left",
    happened: `${emails.length} accounts, each with one key; meanwhile ${served.logins} logins, ${served.registrations} registrations and ${served.invitations} invitations at two servers, none refused`,
  });
});

/** An invitation that was sent during the rotation, by whichever server, leads to a password, and the password in. */
async function accept(servers: readonly House[], user: TestUser) {
  const outboxes = await Promise.all(servers.map((server) => openMailbox(server).settled()));
  const mail = outboxes.flat().find(({ to }) => to === user.email);
  const [house] = servers;
  assert.ok(mail && house);
  const forms = createFormFiller(house);
  const saved = await forms.submit(await forms.submit(await forms.open(linkIn(mail))), { password: user.password });
  assert.match(saved.html, /Your password is saved/);
  await logIn(house, await worldOf(house).registerApp({ trusted: true }), user);
}
