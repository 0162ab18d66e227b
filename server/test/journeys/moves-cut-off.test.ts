import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deps } from "../../src/deps.ts";
import { createAppRegistry } from "../../src/domain/apps/registry.ts";
import { auditEntry } from "../../src/domain/audit.ts";
import type { Mover } from "../../src/domain/moving/mover.ts";
import { findMove, type Move, moveAccount, moveInstallation, undoMove } from "../../src/domain/moving/moves.ts";
import { GRACE_SECONDS, runMove } from "../../src/domain/moving/run-move.ts";
import { checkToken } from "../../src/domain/tokens/check-token.ts";
import { ENGINES, type Engine, type House, openHouse } from "../support/house.ts";
import { watchingCalls } from "../support/moves.ts";
import { rowsOf } from "../support/rows.ts";
import { exchange, exchangeOf, isActive, newCode, signedIn } from "../support/scene.ts";
import { Visitor } from "../support/visitor.ts";
import { logIn, obtainToken, worldOf } from "../support/world.ts";

const LEASE_SECONDS = 30;
const TABLES = {
  installation: ["installation", "company", "installation_user", "consent", "code", "token", "refresh_token", "audit"],
  account: ["account", "link", "budget", "operator"],
};

/** Begins a move and does all of it, as servers do. */
async function moveWhole(house: House, deps: Deps, kind: Move["kind"], subject: string, owner: string): Promise<void> {
  const route = kind === "installation" ? await deps.directory.routes.findInstallation(Number(subject)) : undefined;
  const home = route?.region ?? (await deps.directory.routes.homeOf(subject)) ?? "";
  const to = home === "US" ? "EU" : "US";
  const begun =
    kind === "installation"
      ? await moveInstallation(deps, deps.regions.require(home), Number(subject), { to }, "operator")
      : await moveAccount(deps, subject, to, "operator");
  assert.ok(begun && "moveId" in begun, JSON.stringify(begun));
  await finish(house, deps, begun, owner);
}

async function finish(house: House, deps: Deps, move: Move, owner: string): Promise<void> {
  if (await runMove(deps, move, owner)) house.passSeconds(GRACE_SECONDS);
  await runMove(deps, move, owner);
}

async function openMovingHouse(engine: Engine) {
  const house = await openHouse({ engine });
  await (house.deps.mover as Mover).stop(); // each step here is made by the test
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation("US"));
  await obtainToken(house, await world.registerApp({ tokens: "expiring" }), user);
  const app = await world.registerApp();
  const grant = await obtainToken(house, app, user);
  await isActive(house, grant.access_token);
  await house.deps.tokenUses.flush(); // its first use is kept by now
  await newCode({ visitor: await signedIn(house, world, user) }, await world.registerApp({ trusted: true }));
  await house.deps.postman.wake("US");
  const store = house.deps.regions.require("US").store;
  const { accountId = "" } = (await store.accounts.findByEmailKey(user.email)) ?? {};
  const link = {
    kind: "password_reset",
    installationId: null,
    userId: null,
    createdAt: 1,
    expiresAt: 2 ** 40,
  } as const;
  await store.db.batch([store.links.making({ ...link, linkHash: "a link", accountId })]);
  return { house, world, user, app, grant, accountId };
}

async function rowsIn({ deps }: House, region: string, kind: Move["kind"]): Promise<Record<string, string>> {
  const rows = await rowsOf(deps.regions.require(region).store.db);
  return Object.fromEntries(TABLES[kind].map((table) => [table, rows[table] ?? ""]));
}

for (const engine of ENGINES) {
  for (const kind of ["installation", "account"] as const) {
    test(`a move of an ${kind} cut off at every call is run again or undone, and nothing is lost or doubled (${engine})`, async () => {
      const { house, user, app, grant, accountId } = await openMovingHouse(engine);
      const subject = kind === "installation" ? String(user.installation.id) : accountId;
      if (kind === "account") {
        const { operators } = house.deps.regions.require("US").store;
        await operators.add(accountId, 1, auditEntry("test", "operator.add", accountId, 1));
      }
      const before = await rowsIn(house, "US", kind);
      const nothing = await rowsIn(house, "EU", kind);
      for (const table of Object.values(nothing)) assert.equal(table, "[]");
      let home = "US";
      let flips = 0;
      let cuts = 0;
      for (let last = 1, done = false; !done; last += engine === "sqlite" ? 1 : 3) {
        const back = last % 2 === 0;
        const context = `cut off after call ${last}, then ${back ? "undone" : "run again"}`;
        done = await cutOff(last);
        if (!done) cuts++;
        assert.ok(await isActive(house, grant.access_token), context);
        await settle(back);
        assert.ok(await isActive(house, grant.access_token), context);
        assert.deepEqual(await rowsIn(house, home, kind), before, context);
        assert.deepEqual(await rowsIn(house, home === "US" ? "EU" : "US", kind), nothing, context);
      }
      assert.ok(flips > 3 && cuts > 10, `${flips} flips, ${cuts} cuts`);
      const installation = { ...user.installation, region: kind === "installation" ? home : "US" };
      await logIn(house, app, { ...user, installation }, {}, new Visitor(house));

      /** Whether it was over before so many calls were made. */
      async function cutOff(last: number): Promise<boolean> {
        const cut = new Error("cut off");
        const failing = watchingCalls(
          house.deps,
          async (call) => {
            if (call > last) throw cut;
          },
          async (call) => {
            if (-call === last) throw cut;
          },
        );
        try {
          await moveWhole(house, failing, kind, subject, `server ${last}`);
          return true;
        } catch (error) {
          if (error !== cut) throw error;
          return false;
        }
      }

      /** What another server does once the lease has ended; with `back`, after an operator has undone the move. */
      async function settle(back: boolean): Promise<void> {
        house.passSeconds(LEASE_SECONDS);
        const move = await findMove(house.deps, kind, subject);
        if (!move) return;
        if (back && move.finishedAt === null) await undoMove(house.deps, move, "operator");
        await finish(house, house.deps, move, "another server");
        const over = await findMove(house.deps, kind, subject);
        assert.ok(over?.state === "done" || over?.state === "undone");
        if (back && move.state === "copying") assert.equal(over.state, "undone");
        const now = over.state === "done" ? over.toRegion : over.fromRegion;
        if (now !== home) flips++;
        home = now;
      }
    });
  }

  test(`a token is checked before every step of a move and always counts, also by a server that hears nothing (${engine})`, async () => {
    const { house, world, user, grant } = await openMovingHouse(engine);
    const trusted = await world.registerApp({ trusted: true });
    const visitor = await signedIn(house, world, user);
    const code = await newCode({ visitor }, trusted);
    const statuses: number[] = [];
    const watched = watchingCalls(
      house.deps,
      async () => assert.ok(await isActive(house, grant.access_token)),
      async (call) => {
        const fields = exchangeOf(trusted, code, { redirect_uri: "https://wrong.example.com/" });
        if (call % 5 === 0) statuses.push((await exchange(house, fields)).status);
      },
    );
    const deaf = createAppRegistry(house.deps.directory, house.deps.log);
    await deaf.start();
    deaf.stop(); // before it follows any change
    await moveWhole(house, watched, "installation", String(user.installation.id), "a server");
    assert.ok(await isActive(house, grant.access_token));
    assert.equal((await checkToken({ ...house.deps, apps: deaf }, grant.access_token))?.region, "EU");
    for (const status of statuses) assert.ok(status === 400 || status === 503, `${statuses}`);
    assert.ok(statuses.includes(503));
    assert.equal((await exchange(house, exchangeOf(trusted, code))).status, 200);
  });
}
