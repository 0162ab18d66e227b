import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nameAmong, pairsOf, pathOf, SEED, textOr, WORDS } from "../support/fuzz-values.ts";
import { ADMIN_TOKEN, type Engine, openHouse } from "../support/house.ts";
import { worldOf } from "../support/world.ts";

/** Operators' scripts are wrong, too, and are told so. */

async function openCompany(engine: Engine) {
  const house = await openHouse({ engine });
  const world = worldOf(house);
  const installation = await world.addInstallation();
  return { house, app: await world.registerApp(), installation, user: await world.addUser(installation) };
}

const engines = { sqlite: await openCompany("sqlite"), postgres: await openCompany("postgres") };

for (const [engine, { house, app, installation, user }] of Object.entries(engines)) {
  test(`no call of the operator's API makes the server fail (${engine})`, async (t) => {
    t.diagnostic(`LATCHKEY_TEST_SEED=${SEED}`);
    const { body: document } = await house.admin("GET", "/openapi.json");
    const calls = Object.entries(document.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => ["get", "post", "patch", "delete"].includes(key))
        .map((key) => ({ method: key.toUpperCase(), path: `/admin/v1${path.replace(/\{(\w+)\}/g, ":$1")}` })),
    );
    assert.ok(calls.length > 20);
    const fields = [...JSON.stringify(document).matchAll(/"(\w+)":\{"(?:type|anyOf|\$ref|default|enum)/g)];
    const name = nameAmong([...new Set(fields.map(([, one = ""]) => one)), "limit", "cursor", "__proto__"]);
    const text = textOr([...WORDS, app.clientId, user.email, `${user.id}`, `${installation.id}`, installation.region]);
    const json = fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 }), fc.jsonValue());
    const request = fc.constantFrom(...calls).chain(({ method, path }) =>
      fc.record({
        method: fc.constant(method),
        path: pathOf(path, text),
        query: pairsOf(name, text),
        body: fc.dictionary(name, json, { maxKeys: 8 }),
        match: fc.constantFrom("*", '"1"', '"2"', 'W/"1"', "1", ""),
      }),
    );
    const statuses = new Set<number>();
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, body, match }) => {
        const response = await house.fetch(`${path}?${query}`, {
          method,
          headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json", "if-match": match },
          ...(method !== "GET" && { body: JSON.stringify(body) }),
        });
        assert.ok(response.status < 500, `${response.status} ${house.logLines.at(-1)}`);
        const content = await response.text();
        if (content !== "") JSON.parse(content);
        statuses.add(response.status);
      }),
      { seed: SEED, numRuns: 1_500 },
    );
    for (const status of [200, 404, 422]) assert.ok(statuses.has(status), `${status} was among the answers`);
  });
}
