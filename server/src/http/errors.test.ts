import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import type { Config } from "../config.ts";
import { OAuthError } from "../errors.ts";
import { listen } from "../listen.ts";
import { createLog } from "../log.ts";
import { createMetrics } from "../metrics.ts";
import type { HttpEnv } from "./context.ts";
import { framed } from "./frame.ts";
import { LOGIN_CSP } from "./headers.ts";

class Lost extends Error {}

/** An app of a few routes that fail in every way there is, and what it logged. */
function failingApp(url = "http://localhost:4400") {
  const lines: string[] = [];
  const log = createLog({ write: (line) => void lines.push(line) });
  const routes = new Hono<HttpEnv>();
  const refusalOf = (error: Error) =>
    error instanceof Lost
      ? new OAuthError("temporarily_unavailable", "Try again.", { retryAfterSeconds: 5 })
      : undefined;
  for (const path of ["/launchpad/v1/x", "/page/:secret", "/admin/v1/x"])
    routes
      .post(path, () => {
        throw new OAuthError("invalid_grant", "The code has expired.", { detail: "the row is late" });
      })
      .put(path, () => {
        throw new Error("hunter2 broke it");
      })
      .patch(path, () => {
        throw new Lost("the database at db.internal");
      })
      .get(path, (c) => c.html("<p>hello"));
  routes.get("/login", (c) => {
    c.header("content-security-policy", LOGIN_CSP);
    return c.html("<p>hello");
  });
  const config = { url, trustedProxies: ["10.0.0.0/8"] } as unknown as Config;
  const app = framed(routes, { log, metrics: createMetrics(), config }, refusalOf);
  const call = (path: string, init: RequestInit = {}, remoteAddress = "198.51.100.7") =>
    app.request(path, init, { incoming: { url: path, socket: { remoteAddress } } }) as Promise<Response>;
  return { app, call, lines };
}

test("a refusal is answered to programs as wire section 4 says, and its detail stays in the log", async () => {
  const { call, lines } = failingApp();
  const response = await call("/launchpad/v1/x", { method: "POST" });
  assert.equal(response.status, 400);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.deepEqual(await response.json(), {
    error: "invalid_grant",
    error_description: "The code has expired.",
    message: "The code has expired.",
    status: "error",
  });
  assert.match(lines.join(), /the row is late/);
});

test("a bug is answered without a word about it, and its stack is logged under the request's id", async () => {
  const { call, lines } = failingApp();
  const response = await call("/launchpad/v1/x", { method: "PUT" });
  const text = await response.text();
  assert.equal(response.status, 500);
  assert.match(text, /server_error/);
  assert.doesNotMatch(text, /hunter2|errors\.test/);
  const line = JSON.parse(lines[0] ?? "");
  assert.match(line.err.stack, /errors\.test\.ts/);
  assert.equal(line.requestId, response.headers.get("x-request-id"));
});

test("what goes away by itself is 503 with Retry-After", async () => {
  const { call } = failingApp();
  const response = await call("/launchpad/v1/x", { method: "PATCH" });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "5");
  const text = await response.text();
  assert.match(text, /temporarily_unavailable/);
  assert.doesNotMatch(text, /db\.internal/);
});

test("people get a page with a reference, the operator problem details", async () => {
  const { call } = failingApp();
  for (const [method, status] of [
    ["POST", 400],
    ["PUT", 500],
    ["PATCH", 503],
    ["DELETE", 405],
  ] as const) {
    const page = await call("/page/x", { method });
    assert.equal(page.status, status);
    const html = await page.text();
    assert.match(html, /<h1>/);
    assert.ok(html.includes(page.headers.get("x-request-id") ?? "none"));
    assert.doesNotMatch(html, /invalid_grant|hunter2|db\.internal/);
    const problem = await call("/admin/v1/x", { method });
    assert.equal(problem.status, status);
    assert.equal(problem.headers.get("content-type"), "application/problem+json");
    assert.equal((await problem.json()).status, status);
  }
});

test("a wrong method is 405 with those that there are, also for HEAD and OPTIONS", async () => {
  const { call } = failingApp();
  const response = await call("/launchpad/v1/x", { method: "DELETE" });
  assert.equal(response.status, 405);
  assert.equal(response.headers.get("allow"), "GET, HEAD, POST, PUT, PATCH");
  assert.equal((await call("/login", { method: "OPTIONS" })).headers.get("allow"), "GET, HEAD");
  const head = await call("/login", { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(await head.text(), "");
});

test("an address without a route is 404, as a page only where a page was asked for", async () => {
  const { call } = failingApp();
  const json = await call("/nothing");
  assert.equal(json.status, 404);
  assert.equal((await json.json()).status, "error");
  const page = await call("/nothing", { headers: { accept: "text/html,*/*" } });
  assert.equal(page.status, 404);
  assert.match(await page.text(), /<h1>/);
  assert.equal((await call("/login/")).status, 404);
});

test("control characters, invalid UTF-8 and broken percent-encoding in an address are 400 at every door", async () => {
  const { call } = failingApp();
  for (const bad of ["%00", "%0a", "%ff", "%", "%zz", "%C2%85"])
    for (const path of [`/login?x=${bad}`, `/launchpad/v1/x?x=${bad}`, `/nothing?${bad}`])
      assert.equal((await call(path)).status, 400, path);
});

test("every answer has an id, and a page its policy, whatever the route said", async () => {
  const { call } = failingApp("https://login.example.com");
  const page = await call("/page/x");
  assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'.*form-action 'self'/);
  assert.equal(page.headers.get("referrer-policy"), "same-origin");
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.equal(page.headers.get("x-content-type-options"), "nosniff");
  assert.match(page.headers.get("strict-transport-security") ?? "", /max-age/);
  assert.equal(page.headers.get("cross-origin-opener-policy"), null);
  assert.match(page.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  const login = await call("/login");
  assert.doesNotMatch(login.headers.get("content-security-policy") ?? "", /form-action/);
  assert.match(login.headers.get("content-security-policy") ?? "", /frame-ancestors 'none'/);
});

test("over a port an answer has the same headers, each once", async (t) => {
  const { app, call } = failingApp();
  const { port, stop } = await listen(app, { host: "127.0.0.1", port: 0 });
  t.after(() => stop(0));
  for (const path of ["/page/x", "/login", "/launchpad/v1/x", "/nothing"]) {
    const sent = new Map((await fetch(`http://127.0.0.1:${port}${path}`)).headers);
    assert.match(sent.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
    for (const name of ["x-request-id", "date", "connection", "keep-alive", "content-length"]) sent.delete(name);
    const given = new Map((await call(path)).headers);
    given.delete("x-request-id");
    assert.deepEqual(new Map([...sent].sort()), new Map([...given].sort()), path);
  }
});

test("the id of a request comes from a trusted proxy, and from nobody else", async () => {
  const { call } = failingApp();
  const headers = { "x-request-id": "abcdefgh-1" };
  assert.equal((await call("/login", { headers }, "10.0.0.1")).headers.get("x-request-id"), "abcdefgh-1");
  assert.notEqual((await call("/login", { headers })).headers.get("x-request-id"), "abcdefgh-1");
});

test("the log tells the route, never the path, the query or who asked", async () => {
  const { call, lines } = failingApp();
  await call("/page/hunter2?code=hunter2", { headers: { "x-forwarded-for": "hunter2", cookie: "hunter2" } });
  const line = JSON.parse(lines[0] ?? "");
  assert.deepEqual([line.method, line.route, line.status], ["GET", "/page/:secret", 200]);
  assert.doesNotMatch(lines.join(), /hunter2|198\.51\.100\.7/);
});
