import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import type { HttpEnv } from "./context.ts";
import { parseQuery, readQuery } from "./query.ts";

test("a query gives its values decoded and raw, and names what was repeated", () => {
  const query = parseQuery("state=a%2Bb+c'%22&x=&client_id=1&client_id=2");
  assert.equal(query.get("state"), "a+b c'\"");
  assert.equal(query.raw("state"), "a%2Bb+c'%22");
  assert.equal(query.get("x"), "");
  assert.equal(query.get("absent"), undefined);
  assert.equal(query.raw("absent"), undefined);
  assert.ok(query.has("x") && !query.has("absent"));
  assert.equal(query.get("client_id"), "1");
  assert.deepEqual(query.repeated, ["client_id"]);
});

async function rawState(target: string): Promise<string | undefined> {
  const app = new Hono<HttpEnv>().get("/", (c) => c.json({ raw: readQuery(c).raw("state") }));
  const bindings = { incoming: { url: target, socket: {} } };
  return (await (await app.request(`http://localhost${target}`, {}, bindings)).json()).raw;
}

test("the raw value is what stood in the request line, not what a URL parser makes of it", async () => {
  assert.equal(await rawState("/?state=it's|{a}\"<b>"), "it's|{a}\"<b>");
  assert.equal(await rawState("/?state=a%2fb%2F~"), "a%2fb%2F~");
  assert.equal(await rawState("/?state=1#state=2"), "1");
});

test("raw bytes beyond ASCII are spelled as a browser would have, when they are UTF-8", async () => {
  const latin1 = Buffer.from("é", "utf8").toString("latin1"); // how node:http shows them
  assert.equal(await rawState(`/?state=${latin1}`), "%C3%A9");
});
