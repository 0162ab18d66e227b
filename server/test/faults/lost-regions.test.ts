import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import {
  checkAt,
  codesOf,
  doorOf,
  exchangeAt,
  keepDoing,
  openLabScene,
  serverOf,
  tokenOf,
  untilTrue,
} from "../lab/scene.ts";
import { reportFault } from "../support/promises.ts";
import { loginPath } from "../support/scene.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { logIn, signIn } from "../support/world.ts";

/** A region, or the directory, is slow or gone for a while: that costs what lives there, and nothing else. */

const REGION_GONE_SECONDS = 60;
const DIRECTORY_GONE_SECONDS = 10;

const scene = await openLabScene();
const { eu, app } = scene;
const { directory } = scene.lab;
const traveller = await scene.world.addUser(scene.residents.US.user.installation, { email: "traveller@example.com" });
await scene.world.addUser(scene.residents.EU.user.installation, { email: "traveller@example.com" });
afterEach(async () => {
  await eu.mend();
  await directory.mend();
});

/** What people, apps and APIs of the US get while `harm` lasts, and how long checks of the EU take to be refused. */
async function whileLost(harm: () => void, seconds: number) {
  const [ours, theirs] = [await tokenOf(scene, "US"), await tokenOf(scene, "EU")];
  const euCodes = await codesOf(scene, "EU", 10);
  const served = { checks: 0, exchanges: 0, logins: 0 };
  let slowest = 0;
  const load = keepDoing(2, async (turn) => {
    const askedAt = performance.now();
    assert.equal(await checkAt(scene, turn % 2, ours), 200);
    slowest = Math.max(slowest, performance.now() - askedAt);
    served.checks++;
    const [code = ""] = await codesOf(scene, "US", 1);
    assert.equal((await exchangeAt(scene, turn % 2, code)).status, 200);
    served.exchanges++;
    if (turn % 10 > 0) return;
    await logIn(doorOf(scene, turn % 2), app, scene.residents.US.user);
    served.logins++;
  });
  harm();
  const until = performance.now() + seconds * 1_000;
  const refusals: number[] = [];
  for (const code of euCodes) {
    const askedAt = performance.now();
    const { status, headers } = await exchangeAt(scene, 0, code);
    assert.equal(status, 503);
    assert.ok(Number(headers.get("retry-after")) > 0);
    refusals.push(performance.now() - askedAt);
    assert.equal(await checkAt(scene, 1, theirs), 503);
  }
  await untilReady("down");
  const page = requirePage(await signIn(new Visitor(doorOf(scene, 0)), loginPath(app), traveller));
  assert.match(page.html, /Region EU does not answer right now/, "the chooser says what it cannot show");
  while (performance.now() < until) await delay(50);
  await load.stop();
  await eu.mend();
  const milliseconds = await untilTrue(async () => {
    const answers = await Promise.all([checkAt(scene, 0, theirs), checkAt(scene, 1, theirs)]);
    return answers.every((status) => status === 200);
  });
  await untilReady("up");
  for (const code of euCodes)
    assert.equal((await exchangeAt(scene, 1, code)).status, 200, "what was refused was not spent");
  const happened = `elsewhere ${served.logins} logins, ${served.exchanges} exchanges, ${served.checks} checks, all right, the slowest check ${Math.round(slowest)} ms; the region's own: 503, the slowest after ${Math.round(Math.max(...refusals))} ms, median ${Math.round(refusals.sort((a, b) => a - b)[5] ?? 0)} ms; 0 codes lost`;
  return { happened, milliseconds };
}

/** Until both servers say so of the EU; and they are ready all the time. */
const untilReady = (state: string) =>
  untilTrue(async () => {
    for (const server of [0, 1]) {
      const answer = await fetch(`${serverOf(scene, server).url}/health/ready`);
      assert.equal(answer.status, 200, "one lost region costs no server");
      const { regions } = await answer.json();
      if (regions.find(({ name }: { name: string }) => name === "EU").state !== state) return false;
    }
    return true;
  });

test("a region that answers 2 s late is refused within about a second, and the others are unharmed", async () => {
  reportFault({
    fault: "region 2 s slow, for 10 s",
    promise: "503 with Retry-After and nothing spent for what lives there; everything else unharmed",
    ...(await whileLost(() => eu.slow(2_000), 10)),
    goalMilliseconds: 3_000,
  });
});

test("a region that is gone is refused at once, and the others are unharmed", async () => {
  reportFault({
    fault: `region gone, for ${REGION_GONE_SECONDS} s`,
    promise: "503 with Retry-After and nothing spent for what lives there; everything else unharmed",
    ...(await whileLost(() => eu.cut(), REGION_GONE_SECONDS)),
    goalMilliseconds: 3_000,
  });
});

test("while the directory is gone exchanges, checks and logins go on, and what must write to it says that it cannot", async () => {
  const token = await tokenOf(scene, "EU");
  directory.cut();
  const served = { checks: 0, exchanges: 0, logins: 0, sessions: 0 };
  const until = performance.now() + DIRECTORY_GONE_SECONDS * 1_000;
  for (let turn = 0; performance.now() < until; turn++) {
    const server = turn % 2;
    assert.equal(await checkAt(scene, server, token), 200);
    served.checks++;
    const [code = ""] = await codesOf(scene, "EU", 1);
    assert.equal((await exchangeAt(scene, server, code)).status, 200);
    served.exchanges++;
    served.sessions++;
    if (turn % 10 > 0) continue;
    await logIn(doorOf(scene, server), app, scene.residents[turn % 20 ? "EU" : "US"].user);
    served.logins++;
    const refused = await doorOf(scene, server).admin("POST", "/apps", {
      name: "Too early",
      redirectUris: ["https://app.example.com/callback"],
    });
    assert.equal(refused.status, 503);
  }
  await directory.mend();
  const milliseconds = await untilTrue(async () => {
    const made = await doorOf(scene, 1).admin("POST", "/apps", {
      name: "In time",
      redirectUris: ["https://app.example.com/callback"],
    });
    return made.status === 201;
  });
  reportFault({
    fault: `directory gone, for ${DIRECTORY_GONE_SECONDS} s`,
    promise: "exchanges, checks and logins go on; changes of apps are answered 503",
    happened: `${served.logins} logins by password, ${served.sessions} by session, ${served.exchanges} exchanges, ${served.checks} checks, all right`,
    milliseconds,
    goalMilliseconds: 3_000,
  });
});
