import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type Snippet, snippetsFor } from "../../src/pages/snippets/snippets.ts";
import { type House, openHouse } from "../support/house.ts";
import { freePort, start, startNode, writeFiles } from "../support/snippet-programs.ts";
import { comeBack, type TestUser, worldOf } from "../support/world.ts";

interface Stage {
  house: House;
  user: TestUser;
  secret: string | undefined;
  snippets: ReadonlyMap<string, Snippet>;
  text(id: string): string;
}

/** A server that listens, and the snippets of an app of its own. */
async function openStage(more: Record<string, unknown> = {}, platform = "web"): Promise<Stage> {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation("EU", { name: "Blume" }));
  const app = await world.registerApp({ redirectUris: [`http://localhost:${await freePort()}/callback`], ...more });
  const { redirectUris = [app.redirectUri], allowedOrigins } = more as Record<string, string[]>;
  const values = {
    url: house.config.url,
    clientId: app.clientId,
    redirectUri: app.redirectUri,
    confidential: app.clientSecret !== undefined,
    origin: allowedOrigins?.[0],
  };
  const snippets = new Map(snippetsFor(platform, values, redirectUris).map((one) => [one.id, one]));
  return { house, user, secret: app.clientSecret, snippets, text: (id) => snippets.get(id)?.text ?? "" };
}

/** A browser at the app: it is sent off, logs in, comes back, and reads what the app says. */
async function visit({ house, user }: Stage, origin: string): Promise<string> {
  const begun = await fetch(`${origin}/login`, { redirect: "manual" });
  assert.equal(begun.status, 303);
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(";", 1)[0])
    .join("; ");
  assert.match(begun.headers.getSetCookie().join(), /HttpOnly/);
  const back = await comeBack(house, begun.headers.get("location") ?? "", user);

  const stolen = await fetch(back);
  assert.ok(stolen.status >= 400, "another browser gets nothing by this address");
  const welcome = await fetch(back, { headers: { cookie } });
  assert.equal(welcome.status, 200);
  return welcome.text();
}

const originOf = (stage: Stage) => /http:\/\/localhost:\d+(?=\/callback)/.exec(stage.text("curl"))?.[0] ?? "";

for (const id of ["express", "fastify", "hono"])
  test(`the snippet for ${id} is an app that logs its users in`, async (t) => {
    const stage = await openStage({ allowedOrigins: ["https://planner.example.com"] });
    await startNode(t, stage.text(id), stage.secret);
    assert.equal(await visit(stage, originOf(stage)), "Hello Dana of Blume");
  });

test("the snippet for Next.js has route handlers that log users in", async (t) => {
  const stage = await openStage();
  const files = Object.fromEntries(
    stage
      .text("next")
      .split(/^\/\/ (?=\S+\.js$)/m)
      .filter(Boolean)
      .map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n"))]),
  );
  assert.deepEqual(Object.keys(files), ["latchkey.js", "app/login/route.js", "app/callback/route.js"]);
  const directory = writeFiles(t, { ...files, "package.json": '{"type":"module"}' });
  process.env.LATCHKEY_CLIENT_SECRET = stage.secret;
  t.after(() => delete process.env.LATCHKEY_CLIENT_SECRET);
  const login = await import(join(directory, "app/login/route.js"));
  const callback = await import(join(directory, "app/callback/route.js"));

  const begun: Response = await login.GET();
  const back = await comeBack(stage.house, begun.headers.get("location") ?? "", stage.user);
  const cookie = begun.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const welcome: Response = await callback.GET(new Request(back, { headers: { cookie } }));
  assert.equal(await welcome.text(), "Hello Dana of Blume");
  assert.equal((await callback.GET(new Request(back))).status, 400);
});

for (const kind of ["confidential", "public"])
  test(`the curl snippet of a ${kind} app gets a token in a terminal`, async (t) => {
    const stage = await openStage({ kind, allowedOrigins: ["https://planner.example.com"] });
    const directory = writeFiles(t, { "try.sh": stage.text("curl") });
    const { child, closed, output } = start(t, "bash", [join(directory, "try.sh")], stage.secret);
    const address = await output(/^(http\S+code_challenge\S+)$/m);
    child.stdin?.end(`${await comeBack(stage.house, address, stage.user)}\n`);
    await closed;
    assert.match(await output(/"access_token":"tkn\.v1_[^"]+"/), /tkn/);
    assert.match(await output(/"firstName":"Dana","lastName":"Lee","meta":.*/), /projects/);
  });

test("the curl snippet takes no answer to another login", async (t) => {
  const stage = await openStage();
  const directory = writeFiles(t, { "try.sh": stage.text("curl") });
  const { child, closed, output } = start(t, "bash", [join(directory, "try.sh")], stage.secret);
  child.stdin?.end("http://localhost/callback?code=stolen-EU&state=0123456789abcdef\n");
  const [status] = await closed;
  assert.equal(status, 1);
  await assert.rejects(output(/access_token/));
});

test("the command line's snippet waits on a port of its own for its user", async (t) => {
  const stage = await openStage({ kind: "public", redirectUris: ["http://127.0.0.1/done"] }, "cli");
  const directory = writeFiles(t, { "login.mjs": stage.text("cli") });
  const { closed, output } = start(t, process.execPath, [join(directory, "login.mjs")], stage.secret);
  const back = await comeBack(stage.house, await output(/^(http\S+)$/m), stage.user);
  assert.match(back, /^http:\/\/127\.0\.0\.1:\d+\/done\?code=/);
  assert.equal((await fetch(new URL("/favicon.ico", back))).status, 404);
  assert.equal(await (await fetch(back)).text(), "It is safe to close this window.");
  await closed;
  assert.equal(await output(/Logged in as .*/), "Logged in as Dana of Blume");
});

test("the extension's snippet goes by the browser's own flow", async (t) => {
  const redirectUris = ["https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/"];
  const stage = await openStage({ kind: "public", redirectUris }, "extension");
  const directory = writeFiles(t, { "login.mjs": stage.text("extension") });
  const identity = { launchWebAuthFlow: ({ url }: { url: string }) => comeBack(stage.house, url, stage.user) };
  Object.assign(globalThis, { chrome: { identity } });
  t.after(() => Object.assign(globalThis, { chrome: undefined }));
  const { logIn } = await import(join(directory, "login.mjs"));
  assert.equal((await logIn()).user.firstName, "Dana");
});

const has = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;

test("the snippet for Python is an app that logs its users in", { skip: !has("python3", "--version") }, async (t) => {
  const stage = await openStage({ allowedOrigins: ["https://planner.example.com"] });
  const directory = writeFiles(t, { "app.py": stage.text("python") });
  await serving(t, stage, ["python3", join(directory, "app.py")]);
  assert.equal(await visit(stage, originOf(stage)), "Hello Dana of Blume");
});

test("the snippet for Go is an app that logs its users in", { skip: !has("go", "version") }, async (t) => {
  const stage = await openStage({ allowedOrigins: ["https://planner.example.com"] });
  const directory = writeFiles(t, { "main.go": stage.text("go") });
  const built = start(t, "go", ["build", "-o", join(directory, "app"), join(directory, "main.go")], undefined);
  assert.deepEqual(await built.closed, [0, null]);
  await serving(t, stage, [join(directory, "app")]);
  assert.equal(await visit(stage, originOf(stage)), "Hello Dana of Blume");
});

/** Starts a server that tells nobody when it listens, and asks until it answers. */
async function serving(t: TestContext, stage: Stage, [command = "", ...args]: string[]) {
  const { child } = start(t, command, args, stage.secret);
  while (child.exitCode === null) {
    const there = await fetch(`${originOf(stage)}/nothing`).then(
      () => true,
      () => false,
    );
    if (there) return;
    await delay(20);
  }
  assert.fail(`${command} ended`);
}
