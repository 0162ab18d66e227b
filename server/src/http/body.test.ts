import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { after, test } from "node:test";
import { Hono } from "hono";
import { OAuthError } from "../errors.ts";
import { listen } from "../listen.ts";
import { BODY_BYTES_MAX, readBody, readForm, readJson } from "./body.ts";
import type { HttpEnv } from "./context.ts";

const FORM = "application/x-www-form-urlencoded";

const app = new Hono<HttpEnv>()
  .post("/body", async (c) => {
    const body = await readBody(c);
    return c.json({ a: body.text("a") ?? null, has: body.has("a") });
  })
  .post("/form", async (c) => c.json({ a: (await readForm(c)).text("a") ?? null }))
  .post("/json", async (c) => c.json({ value: (await readJson(c)) ?? null }))
  .onError((error, c) => c.json({ refused: error.message }, error instanceof OAuthError ? (error.status as 400) : 500));

async function send(path: string, body: BodyInit, type?: string) {
  const response = await app.request(path, {
    method: "POST",
    body: typeof body === "string" ? new TextEncoder().encode(body) : body, // a string would get a type of its own
    ...(type !== undefined && { headers: { "content-type": type } }),
  });
  return { status: response.status, ...(await response.json()) };
}
const field = async (body: BodyInit, type?: string) => (await send("/body", body, type)).a;
const status = async (path: string, body: BodyInit, type?: string) => (await send(path, body, type)).status;

test("JSON, urlencoded and multipart bodies give the same field", async () => {
  assert.equal(await field('{"a":"é +"}', "application/json; charset=utf-8"), "é +");
  assert.equal(await field("a=%C3%A9+%2B", FORM), "é +");
  assert.equal(await field("a=é+%2B", `${FORM}; charset=UTF-8`), "é +");
  const form = new FormData();
  form.set("a", "é +");
  form.set("file", new Blob(["x\0"]), "a.bin");
  assert.equal(await field(form), "é +");
});

test("a body whose first byte is `{` is JSON whatever the header says", async () => {
  for (const type of [FORM, "text/plain", "multipart/form-data", "nonsense", undefined])
    assert.equal(await field(' \r\n{"a":"1"}', type), "1", type);
  assert.equal(await field('\ufeff{"a":"1"}'), "1");
});

test("in JSON the last of two values counts, in a form a known field given twice is refused", async () => {
  assert.equal(await field('{"a":"1","a":"2"}'), "2");
  assert.equal(await status("/body", "a=1&a=1", FORM), 400);
  assert.equal(await field("b=1&b=2&a=1", FORM), "1");
});

test("a known field must be a text, an unknown one may be anything", async () => {
  for (const value of ["1", "null", "true", "{}", "[]", '["1"]', '"\\u0000"', '"a\\nb"', '"\\ud800"'])
    assert.equal(await status("/body", `{"a":${value}}`), 400, value);
  assert.equal(await field('{"b":{"a":[null]},"a":""}'), "");
  assert.equal(await field('{"b":1}'), null);
  const form = new FormData();
  form.set("a", new Blob(["1"]), "a.txt");
  assert.equal(await status("/body", form), 400);
});

test("names of JavaScript's own are fields like others", async () => {
  const { a, has } = await send("/body", '{"__proto__":{"a":"1"},"constructor":{"prototype":{"a":"2"}}}');
  assert.deepEqual([a, has], [null, false]);
});

test("what cannot be read is refused with 400, what has no readable type with 415", async () => {
  for (const [body, type] of [
    ["", FORM],
    ["  \n", "application/json"],
    ["{", "application/json"],
    ['{"a":"1"} x', "application/json"],
    ["[1]", "application/json"],
    ['"a"', "application/json"],
    ["a=%", FORM],
    ["--x\r\nnothing", "multipart/form-data; boundary=x"],
    ["a=1", "multipart/form-data"],
  ] as const)
    assert.equal(await status("/body", body, type), 400, `${type}: ${body}`);
  assert.equal(await status("/body", new Uint8Array([0x61, 0x3d, 0xff]), FORM), 400);
  for (const type of [undefined, "text/plain", "application/xml"])
    assert.equal(await status("/body", "a=1", type), 415, type);
});

test("deep nesting is read or refused, and never more than that", async () => {
  const depth = 30_000;
  assert.equal(await field(`{"b":${"[".repeat(depth)}${"]".repeat(depth)},"a":"1"}`), "1");
  assert.equal(await status("/body", `{"b":${"[".repeat(depth)}`), 400);
});

test("64 KiB are read and one byte more is too large", async () => {
  const body = (bytes: number) => `a=${"x".repeat(bytes - 2)}`;
  assert.equal(await status("/body", body(BODY_BYTES_MAX), FORM), 200);
  assert.equal(await status("/body", body(BODY_BYTES_MAX + 1), FORM), 413);
});

test("a form is urlencoded, nothing else, and may be empty", async () => {
  assert.equal((await send("/form", "a=1", FORM)).a, "1");
  assert.equal(await status("/form", ""), 200);
  assert.equal(await status("/form", '{"a":"1"}', "application/json"), 415);
  assert.equal(await status("/form", "a=1", "text/plain"), 415);
});

test("JSON for the operator's API may be any value", async () => {
  assert.deepEqual((await send("/json", '[{"a":null}]')).value, [{ a: null }]);
  assert.equal((await send("/json", "")).value, null);
  assert.equal(await status("/json", "{"), 400);
});

test("over a port: a declared length that is too large is refused before the body, an undeclared one while it comes", async () => {
  const { port, stop } = await listen(app, { host: "127.0.0.1", port: 0 });
  after(() => stop(0));
  const call = (headers: Record<string, string | number>, chunks: readonly string[], end = true) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sending = request({ port, host: "127.0.0.1", path: "/body", method: "POST", headers });
      sending.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
      for (const chunk of chunks) sending.write(chunk);
      if (end) sending.end();
      else sending.flushHeaders();
    });
  const type = { "content-type": FORM };
  assert.equal(await call({ ...type, "content-length": 7 }, ["a=1", "&b=2"]), 200);
  assert.equal(await call(type, ["a=1", "&b=2"]), 200);
  assert.equal(await call({ ...type, "content-length": 1e9 }, [], false), 413);
  assert.equal(await call(type, Array(80).fill("x".repeat(1024)), false), 413);
});

test("a body that came in one piece with its head is taken as it is, and the connection goes on", async () => {
  let listening = 0;
  const app = new Hono<HttpEnv>().post("/", async (c) => {
    const arrayBuffer = () => Promise.reject(new Error(`Listened for ${++listening}.`));
    Object.defineProperty(c.req.raw, "arrayBuffer", { value: arrayBuffer });
    return c.text((await readForm(c)).text("name") ?? "");
  });
  const { port, stop } = await listen(app, { host: "127.0.0.1", port: 0 });
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  const head =
    "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: 9";
  const answers: string[] = [];
  for (const name of ["Dana", "Alex"]) {
    socket.write(`${head}\r\n\r\nname=${name}`);
    answers.push(...(await once(socket, "data")));
  }
  socket.destroy();
  await stop(0);
  assert.deepEqual(
    answers.map((answer) => answer.split("\r\n\r\n")[1]),
    ["Dana", "Alex"],
  );
  assert.equal(listening, 0);
});
