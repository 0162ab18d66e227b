import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { createApp } from "../../src/app.ts";
import { adminRoutes } from "../../src/http/admin/routes.ts";
import { portalRoutes } from "../../src/http/portal/routes.ts";
import { type House, openHouse } from "../support/house.ts";
import { exchange, exchangeOf, newCode, openScene } from "../support/scene.ts";

/** What comes back for these bytes, until the server closes the connection. */
function send(port: number, bytes: string, ...later: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let answer = "";
    socket
      .setEncoding("latin1")
      .on("data", (text) => {
        answer += text;
      })
      .on("close", () => resolve(answer))
      .on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    socket.setNoDelay().write(bytes, "latin1");
    for (const [index, more] of later.entries()) setTimeout(() => socket.write(more, "latin1"), 20 * (index + 1));
  });
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1]);
const portOf = (house: House) => Number(new URL(house.config.url).port);
const CLOSE = "Connection: close\r\n\r\n";

test("requests that are not HTTP, too long, or made to be read in two ways are refused, and the server goes on", async () => {
  const house = await openHouse({ listening: true });
  const port = portOf(house);
  const body = '{"code":"x"}';
  for (const [bytes, expected] of [
    ["\0\x01\x02\r\n\r\n", [400]],
    ["GET /health/live HTTP/9.9\r\n\r\n", [400]],
    [`GET /health/live HTTP/1.1\r\n${CLOSE}`, [400]], // no Host
    [`GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\n${CLOSE}`, [400]],
    [`GET /health/live HTTP/1.1\r\nHost: a b\r\n${CLOSE}`, [400]],
    [`GET /health/live HTTP/1.1\r\nHost: [\r\n${CLOSE}`, [400]],
    [`GET /health/live\0 HTTP/1.1\r\nHost: x\r\n${CLOSE}`, [400]],
    [`GET /health/live HTTP/1.1\r\nHost: x\r\nX-Junk: \0\r\n${CLOSE}`, [400]],
    [`GET /\\..\\health HTTP/1.1\r\nHost: x\r\n${CLOSE}`, [400]],
    [`OPTIONS * HTTP/1.1\r\nHost: x\r\n${CLOSE}`, [400, 404, 405]],
    [`CONNECT x:1 HTTP/1.1\r\nHost: x\r\n${CLOSE}`, [Number.NaN, 400, 405]], // closed without a word
    [`TRACE /health/live HTTP/1.1\r\nHost: x\r\n${CLOSE}`, [405]],
    [`GET /health/live?${"x".repeat(40_000)} HTTP/1.1\r\nHost: x\r\n${CLOSE}`, [431]],
    [`GET /health/live HTTP/1.1\r\nHost: x\r\nCookie: ${"x".repeat(40_000)}\r\n${CLOSE}`, [431]],
    [`POST /launchpad/v1/token.json HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n${CLOSE}${body}`, [400]],
    [
      `POST /launchpad/v1/token.json HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nContent-Length: 2\r\n${CLOSE}${body}`,
      [400],
    ],
    [
      `POST /launchpad/v1/token.json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 12\r\n${CLOSE}c\r\n${body}\r\n0\r\n\r\n`,
      [400],
    ],
    [`POST /launchpad/v1/token.json HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${CLOSE}zz\r\n${body}`, [400]],
  ] as const)
    assert.ok(
      (expected as readonly number[]).includes(statusOf(await send(port, bytes))),
      JSON.stringify(bytes.slice(0, 80)),
    );
  assert.equal((await fetch(`${house.config.url}/health/live`)).status, 200);
});

test("a body is read the same whole, in pieces, in chunks, empty, and behind another request", async () => {
  const house = await openHouse({ listening: true });
  const port = portOf(house);
  const body = "token=none&client_id=nobody&client_secret=wrong";
  const head = "POST /oauth2/introspect HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
  const counted = (length: number) => `${head}Content-Length: ${length}\r\n`;
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  const unknown = /"invalid_client"/;
  const answers: [answer: string, status: number, words: RegExp][] = [
    [await send(port, `${counted(body.length)}${CLOSE}${body}`), 401, unknown],
    [await send(port, `${counted(body.length)}${CLOSE}`, body), 401, unknown],
    [await send(port, `${counted(body.length)}${CLOSE}${body.slice(0, 9)}`, body.slice(9)), 401, unknown],
    [await send(port, `${head}Transfer-Encoding: chunked\r\n${CLOSE}${chunk(body)}${chunk("")}`), 401, unknown],
    [await send(port, `${counted(0)}${CLOSE}`), 401, /did not say who/],
    [await send(port, `${counted(1)}${CLOSE}\xff`), 400, /not valid UTF-8/],
    [await send(port, `${counted(body.length)}\r\n${body}${counted(0)}${CLOSE}`), 401, /did not say who/],
    [
      await send(port, `${counted(64 * 1024)}${CLOSE}${body}&a=${"x".repeat(64 * 1024 - body.length - 3)}`),
      401,
      unknown,
    ],
  ];
  for (const [index, [answer, status, words]] of answers.entries()) {
    assert.equal(statusOf(answer), status, `${index}: ${answer}`);
    assert.match(answer, words, String(index));
  }
});

test("of a header that is sent twice neither value counts: a proxy in front may have gone by the other", async () => {
  const { house, app, visitor } = await openScene({}, { listening: true });
  const { body: grant } = await exchange(house, exchangeOf(app, await newCode({ visitor }, app)));
  const ask = async (...headers: string[]) =>
    statusOf(await send(portOf(house), ["GET /verify HTTP/1.1", "Host: x", ...headers, CLOSE].join("\r\n")));
  const [right, wrong] = [`Authorization: Bearer ${grant.access_token}`, "Authorization: Bearer none"];
  assert.equal(await ask(right), 200);
  for (const both of [
    [right, wrong],
    [wrong, right],
    [right, right],
  ])
    assert.equal(await ask(...both), 401);
});

test("an old health check that sends no Host is answered, and so is a whole address in the request line", async () => {
  const port = portOf(await openHouse({ listening: true }));
  assert.equal(statusOf(await send(port, "GET /health/live HTTP/1.0\r\n\r\n")), 200);
  const absolute = `GET http://login.example.com/health/live HTTP/1.1\r\nHost: x\r\n${CLOSE}`;
  assert.equal(statusOf(await send(port, absolute)), 200);
});

const QUERIES = [
  "",
  "?client_id=x&redirect_uri=y&state=z",
  "?client_id=%00",
  "?=&&=&a=b=c",
  "?a=%",
  "?__proto__=1&constructor=2&hasOwnProperty=3",
  `?state=${"x".repeat(5_000)}`,
  "?limit=-1&after=%27%22%3C",
];
const BODIES: readonly (readonly [type: string | undefined, body: string | Uint8Array<ArrayBuffer>])[] = [
  [undefined, ""],
  ["application/json", "{"],
  ["application/json", "null"],
  ["application/json", '{"__proto__":{"a":1},"code":null,"name":[],"client_id":{}}'],
  ["application/json", `${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`],
  ["application/x-www-form-urlencoded", "a=%ff&b=%"],
  ["application/x-www-form-urlencoded", "email=a%00b&password=x&code=y&client_id=z&token=t&decision=allow"],
  ["application/x-www-form-urlencoded", "email=a&email=b&client_id=x&client_id=y&code=1&code=2"],
  ["multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=code\r\n\r\ny\r\n--x--"],
  ["text/plain; charset=utf-16", new Uint8Array([0xff, 0xfe, 0x00, 0xd8])],
];
const HEADERS: readonly Record<string, string>[] = [
  {},
  { authorization: "Bearer tkn.v1_AAAA", cookie: "latchkey-session=US.x; latchkey-browser=y", "if-match": '"x' },
  { authorization: "Basic %%%", origin: "null", "x-forwarded-for": "\u00ff", "accept-language": "x".repeat(999) },
];

test("nothing that is sent to any route, by any method, is answered by a 500 or by a stack", async () => {
  const house = await openHouse();
  const app = createApp(house.deps);
  const later = [adminRoutes(house.deps), portalRoutes(house.deps, async () => new Response())];
  const paths = new Set(
    [app, ...later]
      .flatMap(({ routes }) => routes)
      .filter(({ method }) => method !== "ALL")
      .map(({ path }) => path),
  );
  for (const { path } of app.routes.filter(({ method }) => method === "ALL"))
    assert.ok(
      [...paths].some((one) => one.startsWith(path.replace("*", ""))),
      `${path} is walked too`,
    );
  for (const pattern of paths) {
    for (const segment of ["1", "%F0%9F%98%80", "-1", "../x", "99999999999999999999", "__proto__"]) {
      const path = pattern.replace(/:\w+(\{[^}]*\})?\??|\*/g, segment);
      for (const [index, query] of QUERIES.entries()) {
        const headers = HEADERS[index % HEADERS.length] ?? {};
        for (const method of ["GET", "HEAD", "OPTIONS"]) await harmless(house, path + query, { method, headers });
        const [type, body] = BODIES[index % BODIES.length] ?? [];
        for (const method of ["POST", "PUT", "PATCH", "DELETE"])
          await harmless(house, path + query, {
            method,
            headers: { ...headers, ...(type !== undefined && { "content-type": type }) },
            ...(body !== undefined && { body }),
          });
      }
    }
    for (const [type, body] of BODIES)
      for (const headers of HEADERS)
        await harmless(house, pattern.replace(/:\w+(\{[^}]*\})?\??|\*/g, "1"), {
          method: "POST",
          headers: { ...headers, ...(type !== undefined && { "content-type": type }) },
          body,
        });
  }
  assert.deepEqual(
    house.logLines.filter((line) => line.includes('"unexpected error"')),
    [],
  );
});

async function harmless(house: House, path: string, init: RequestInit): Promise<void> {
  const response = await house.fetch(path, init);
  const told = `${init.method} ${path.slice(0, 100)} ${JSON.stringify(init.headers)} ${String(init.body).slice(0, 60)}`;
  if (response.headers.get("content-type")?.startsWith("text/event-stream")) {
    await response.body?.cancel();
    return;
  }
  assert.notEqual(response.status, 500, `${told}\n${house.logLines.at(-2)}`);
  assert.doesNotMatch(await response.text(), /\n\s+at .*\.ts:\d+/, told);
}
