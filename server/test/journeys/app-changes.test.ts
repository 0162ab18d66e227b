import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createAppRegistry } from "../../src/domain/apps/registry.ts";
import { findSecret, noteSecretUse } from "../../src/domain/apps/secrets.ts";
import { cleanUp } from "../../src/domain/housekeeping.ts";
import { createLog } from "../../src/log.ts";
import { openHouse } from "../support/house.ts";

const APP = { name: "Reports", redirectUris: ["https://reports.example.com/cb"] };

/** A house, and what another server beside it keeps in memory. */
async function openNeighbours() {
  const house = await openHouse();
  const lines: string[] = [];
  const neighbour = createAppRegistry(house.deps.directory, createLog({ write: (line) => void lines.push(line) }));
  return { house, neighbour, lines };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(20);
}

test("a server knows at its start what was written before", async () => {
  const { house, neighbour } = await openNeighbours();
  const { body: app } = await house.admin("POST", "/apps", { ...APP, allowedOrigins: ["https://reports.example.com"] });
  const { body: credential } = await house.admin("POST", "/api-credentials", { name: "Gateway" });
  await neighbour.start();
  neighbour.stop();
  assert.deepEqual(neighbour.find(app.clientId), house.deps.apps.find(app.clientId));
  assert.equal(neighbour.listsOrigin("https://reports.example.com"), true);
  assert.equal(neighbour.listsOrigin("https://other.example.com"), false);
  assert.ok(neighbour.findCredential(credential.id));
  assert.equal(neighbour.scopes().size, 5);
});

test("a server learns of every write of the others by itself, in their order", async (t) => {
  const { house, neighbour } = await openNeighbours();
  await neighbour.start();
  t.after(() => neighbour.stop());

  const { body: app } = await house.admin("POST", "/apps", APP);
  await until(() => neighbour.find(app.clientId) !== undefined);
  await house.admin("PATCH", `/apps/${app.clientId}`, { status: "suspended" });
  await until(() => neighbour.find(app.clientId)?.status === "suspended");
  const { body: secret } = await house.admin("POST", `/apps/${app.clientId}/secrets`, {});
  await until(() => neighbour.find(app.clientId)?.secrets.length === 2);
  await house.admin("DELETE", `/apps/${app.clientId}/secrets/${secret.id}`);
  await until(() => neighbour.find(app.clientId)?.secrets.length === 1);
  await house.admin("POST", "/scopes", { name: "files", description: "Read files" });
  await until(() => neighbour.scopes().has("files"));
  await house.admin("DELETE", `/apps/${app.clientId}`);
  await until(() => neighbour.find(app.clientId) === undefined);
});

test("writes of many at once reach the others whole", async () => {
  const { house, neighbour } = await openNeighbours();
  await neighbour.start();
  neighbour.stop();
  const made = await Promise.all(Array.from({ length: 20 }, () => house.admin("POST", "/apps", APP)));
  await Promise.all(
    made.map(({ body }) => house.admin("PATCH", `/apps/${body.clientId}`, { name: `Named ${body.clientId}` })),
  );
  await Promise.all([neighbour.catchUp(), neighbour.catchUp()]);
  for (const { body } of made) assert.equal(neighbour.find(body.clientId)?.name, `Named ${body.clientId}`);
});

test("while the directory is gone a server goes on with what it knows, and says so once", async (t) => {
  const { house, neighbour, lines } = await openNeighbours();
  const { body: app } = await house.admin("POST", "/apps", APP);
  await neighbour.start();
  t.after(() => neighbour.stop());
  await house.deps.directory.db.close();
  await until(() => lines.length > 0);
  await delay(500); // two polls more
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /cannot be followed/);
  assert.ok(neighbour.find(app.clientId));
});

test("a secret is found while it is live, and its last use is kept to the hour", async () => {
  const house = await openHouse();
  const { body } = await house.admin("POST", "/apps", APP);
  const path = `/apps/${body.clientId}/secrets`;
  const expiresAt = house.deps.now() + 60;
  const { body: second } = await house.admin("POST", path, { expiresAt });
  const app = house.deps.apps.find(body.clientId);
  assert.ok(app);

  const now = house.deps.now();
  assert.equal(findSecret(app, second.clientSecret, expiresAt - 1)?.secretId, second.id);
  assert.equal(findSecret(app, second.clientSecret, expiresAt), undefined);
  assert.ok(findSecret(app, body.clientSecret, expiresAt));
  for (const wrong of [
    "",
    "x",
    `${body.clientSecret} `,
    body.clientSecret.slice(0, -1),
    app.secrets[0]?.secretHash ?? "",
  ])
    assert.equal(findSecret(app, wrong, now), undefined);

  const found = findSecret(app, second.clientSecret, now);
  assert.ok(found);
  noteSecretUse(house.deps, app, found);
  let lastUsedAt = null;
  while (lastUsedAt === null) {
    await delay(5);
    lastUsedAt = (await house.admin("GET", `${path}/${second.id}`)).body.lastUsedAt;
  }
  assert.equal(lastUsedAt, now);
});

test("a server that was away for longer than changes are kept reads everything anew, and forgets what is gone", async () => {
  const { house, neighbour } = await openNeighbours();
  const { body: gone } = await house.admin("POST", "/apps", APP);
  const { body: kept } = await house.admin("POST", "/apps", APP);
  await neighbour.start();
  neighbour.stop();
  await house.admin("DELETE", `/apps/${gone.clientId}`);
  await house.admin("PATCH", `/apps/${kept.clientId}`, { name: "Renamed" });
  house.passSeconds(7 * 24 * 3_600 + 1);
  await cleanUp(house.deps);
  assert.equal(await house.deps.directory.changes.since(0, 500), undefined, "nothing is left to follow");

  await neighbour.catchUp();
  assert.equal(neighbour.find(gone.clientId), undefined);
  assert.equal(neighbour.find(kept.clientId)?.name, "Renamed");
});
