import assert from "node:assert/strict";
import { test } from "node:test";
import { answerOf, exchange, exchangeOf, loginPath, newCode, openScene, postForm } from "../support/scene.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

const scene = await openScene({}, { settings: { LATCHKEY_LIMITS: "off" } });
const { house, app } = scene;

/** Control characters, bytes that are no UTF-8, and percent-encoding that is none. */
const BROKEN = [
  "%00",
  "%0a",
  "%0d%0a",
  "%1b",
  "%7f",
  "%c2%80",
  "%ff",
  "%c0%af",
  "%ed%a0%80",
  "%f4%90%80%80",
  "%",
  "%4",
  "%zz",
  "%u0041",
];

const LOGIN_PARAMETERS = [
  "client_id",
  "redirect_uri",
  "state",
  "code_challenge",
  "code_challenge_method",
  "installation",
  "login_hint",
  "ui_locales",
  "prompt",
  "response_type",
  "scope",
];
const TOKEN_FIELDS = ["code", "client_id", "client_secret", "redirect_uri", "code_verifier", "grant_type"];
const TOKEN_DOORS = ["/launchpad/v1/token.json", "/launchpad/v1/token", "/oauth2/token"];

/** Replaces one parameter of an encoded text, spelled exactly as given. */
const withRaw = (text: string, name: string, raw: string) =>
  `${text.replace(new RegExp(`(^|[?&])${name}=[^&]*&?`), "$1").replace(/[?&]$/, "")}&${name}=${raw}`;

test("no parameter of step one may hold what is not clean text, and none of it is redirected", async () => {
  for (const door of ["/launchpad/login", "/launchpad/login/", "/oauth2/authorize"])
    for (const name of [...LOGIN_PARAMETERS, "nonce", "unknown"])
      for (const raw of BROKEN) {
        const path = withRaw(loginPath(app, { response_type: "code" }, door), name, raw);
        const { status, headers } = await house.fetch(path);
        assert.equal(status, 400, path);
        assert.equal(headers.get("location"), null, path);
      }
  assert.equal((await house.fetch(`${loginPath(app)}&%00=1`)).status, 400, "nor a parameter's name");
});

test("no field of the exchange may, in forms and in JSON", async () => {
  for (const door of TOKEN_DOORS)
    for (const name of [...TOKEN_FIELDS, "refresh_token", "scope", "unknown"])
      for (const raw of BROKEN) {
        const fields = new URLSearchParams(exchangeOf(app, "x") as Record<string, string>).toString();
        const { status, body } = await postForm(house, door, withRaw(fields, name, raw));
        assert.equal(status, 400, `${door} ${name}=${raw}`);
        assert.equal(body.error, "invalid_request");
      }
  for (const name of TOKEN_FIELDS)
    for (const text of ["\0", "a\nb", "\u007f", "\u0085", "\ud800", "x\udfff"]) {
      const { status, body } = await exchange(house, exchangeOf(app, "x", { [name]: text }));
      assert.equal(status, 400, `${name}: ${JSON.stringify(text)}`);
      assert.equal(body.error, "invalid_request");
    }
});

test("nor any field of introspection, revocation and the login's forms", async () => {
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go(loginPath(app)));
  const { request = "" } = page.forms[0]?.fields ?? {};
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const doors: [string, string[]][] = [
    ["/oauth2/introspect", ["token", "client_id", "client_secret"]],
    ["/oauth2/revoke", ["token", "client_id", "client_secret"]],
    ["/login/sign-in", ["request", "email", "password", "remember"]],
    ["/login/continue", ["request", "installation"]],
    ["/login/consent", ["request", "decision"]],
    ["/login/switch", ["request"]],
    ["/login/restart", ["request"]],
    ["/login/forgot-password", ["email", "form_token", "request"]],
    ["/oauth2/authorize", LOGIN_PARAMETERS],
  ];
  for (const [path, names] of doors)
    for (const name of names)
      for (const raw of BROKEN) {
        const { status, headers } = await postForm(house, path, withRaw(`request=${request}`, name, raw), {
          headers: { cookie },
        });
        assert.equal(status, 400, `${path} ${name}=${raw}`);
        assert.deepEqual(headers.getSetCookie(), []);
      }
});

test("a parameter sent twice is refused, also when both say the same or one is empty", async () => {
  for (const name of LOGIN_PARAMETERS)
    for (const [one, two] of [
      ["a", "b"],
      ["a", "a"],
      ["", "a"],
      ["a", ""],
    ]) {
      const path = `${withRaw(loginPath(app), name, one ?? "")}&${name}=${two}`;
      const { status, headers } = await house.fetch(path);
      assert.equal(status, 400, path);
      assert.equal(headers.get("location"), null);
    }
  const twiceEncoded = `${loginPath(app)}&st%61te=a&state=b`;
  assert.equal((await house.fetch(twiceEncoded)).status, 400, "however its name is spelled");
  const code = await newCode(scene, app);
  const fields = new URLSearchParams(exchangeOf(app, code) as Record<string, string>).toString();
  for (const door of TOKEN_DOORS)
    for (const name of ["code", "client_id", "client_secret", "redirect_uri"]) {
      const value = new URLSearchParams(fields).get(name) ?? "";
      const { body } = await postForm(
        house,
        door,
        `${fields}&grant_type=authorization_code&${name}=${encodeURIComponent(value)}`,
      );
      assert.equal(body.error, "invalid_request", `${door} ${name}`);
    }
  assert.equal((await exchange(house, exchangeOf(app, code))).status, 200, "the code was not spent");
});

test("a JSON field that is no text is refused, and nothing reaches into objects", async () => {
  const values: unknown[] = [1, 0, true, null, [], ["x"], {}, { $gt: "" }, { toString: "x" }, 1e300, -0];
  for (const name of TOKEN_FIELDS)
    for (const value of values) {
      const { status, body } = await exchange(house, exchangeOf(app, "x", { [name]: value }));
      assert.equal(status, 400, `${name}: ${JSON.stringify(value)}`);
      assert.equal(body.error, "invalid_request");
    }
  const own = JSON.stringify(exchangeOf(app, "x"));
  for (const text of [
    `{"__proto__":${own}}`,
    `{"constructor":{"prototype":${own}}}`,
    `{"__proto__":${own},"code":"x"}`,
    "{}",
  ]) {
    assert.equal((await exchange(house, text)).body.error, "invalid_client", text);
    assert.equal(({} as Record<string, unknown>).client_id, undefined);
  }
});

test("a body that is no JSON object, or breaks off, is a 400", async () => {
  for (const text of [
    "",
    " ",
    "null",
    "1",
    '"x"',
    "[]",
    "[{}]",
    "{",
    '{"a"',
    '{"a":}',
    "{'a':1}",
    "{a:1}",
    "NaN",
    "{}{}",
    "\ufeff",
    "{\0}",
  ]) {
    const { status, body } = await exchange(house, text);
    assert.ok(
      status === 400 || status === 415 || body.error === "invalid_client",
      `${JSON.stringify(text)}: ${status}`,
    );
    assert.notEqual(status, 200);
  }
});

test("depth and size are bounded by 64 KiB and cost nothing more", async () => {
  const code = await newCode(scene, app);
  const base = JSON.stringify(exchangeOf(app, "none")).slice(0, -1);
  const lists = ["[".repeat(30_000), "]".repeat(30_000)].join("");
  const objects = ['{"a":'.repeat(9_000), "1", "}".repeat(9_000)].join("");
  for (const nest of [lists, objects])
    assert.equal((await exchange(house, `${base},"x":${nest}}`)).body.error, "invalid_grant");
  const padded = (length: number) => {
    const text = `${JSON.stringify(exchangeOf(app, code)).slice(0, -1)},"x":"`;
    return `${text}${"y".repeat(length - text.length - 2)}"}`;
  };
  for (const door of TOKEN_DOORS.slice(0, 2)) {
    const tooLarge = await answerOf(await house.fetch(door, { method: "POST", body: padded(64 * 1024 + 1) }));
    assert.equal(tooLarge.status, 413);
    assert.equal(tooLarge.body.error, "invalid_request");
  }
  assert.equal((await exchange(house, padded(64 * 1024))).status, 200);
  for (const path of ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke", "/login/sign-in", "/oauth2/authorize"])
    assert.equal((await postForm(house, path, `a=${"b".repeat(64 * 1024)}`)).status, 413, path);
});

test("more than 100 parameters are refused", async () => {
  const many = Array.from({ length: 101 }, (_, number) => `p${number}=1`).join("&");
  assert.equal((await house.fetch(`/launchpad/login?${many}`)).status, 400);
  assert.equal((await postForm(house, "/launchpad/v1/token", many)).status, 400);
});

test("a type that nobody reads is a 415, whatever it holds", async () => {
  const fields = new URLSearchParams(exchangeOf(app, "x") as Record<string, string>).toString();
  for (const type of [
    "text/plain",
    "application/xml",
    "application/octet-stream",
    "x",
    "",
    "application/x-www-form-urlencoded2",
  ]) {
    const { status, body } = await postForm(house, "/launchpad/v1/token.json", fields, {
      headers: { "content-type": type },
    });
    assert.equal(status, 415, type);
    assert.equal(body.error, "invalid_request");
  }
  for (const type of ["application/json", "multipart/form-data; boundary=x", "text/plain"])
    assert.equal(
      (await postForm(house, "/oauth2/token", fields, { headers: { "content-type": type } })).status,
      415,
      type,
    );
});

test("multipart is read by the letter: no files, no second meaning, no missing end", async () => {
  const fields = Object.entries(exchangeOf(app, "none") as Record<string, string>);
  const part = (name: string, value: string, more = "") =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const whole = fields.map(([name, value]) => part(name, value)).join("");
  const send = (body: string, boundary = "b") =>
    postForm(house, "/launchpad/v1/token.json", body, {
      headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    });
  assert.equal((await send(`${whole}--b--\r\n`)).body.error, "invalid_grant", "it is read");
  for (const [body, boundary] of [
    [whole],
    [`${whole}--b--`, "other"],
    [`${whole}${part("code", "second")}--b--`],
    [`${whole.replace('name="code"', 'name="code"; filename="x"')}--b--`],
    [`${whole.replace('; name="code"', "")}--b--`],
    [`${whole}${part("x", "1").repeat(101)}--b--`],
    [whole.replaceAll("\r\n", "\n")],
    ["--b--"],
    [`${whole}--b--`, ""],
    [`${whole.replace("none", "a\0b")}--b--`],
  ]) {
    const answer = await send(body ?? "", boundary);
    assert.ok(answer.status === 400 || answer.status === 401, `${answer.status}`);
    assert.notEqual(answer.body.error, "invalid_grant", body?.slice(0, 60));
  }
});

test("through a port, headers without end are refused and the server goes on", async () => {
  const real = await openScene({}, { listening: true });
  const { url } = real.house.config;
  for (const headers of [{ cookie: "a=".padEnd(100_000, "x") }, { authorization: "Basic ".padEnd(100_000, "A") }]) {
    const answer = await fetch(`${url}/launchpad/login`, { headers }).catch(() => undefined);
    assert.ok(answer === undefined || answer.status === 431);
  }
  const long = await fetch(`${url}/launchpad/login?state=${"x".repeat(100_000)}`).catch(() => undefined);
  assert.ok(long === undefined || long.status === 431 || long.status === 414);
  assert.equal((await fetch(`${url}/health/live`)).status, 200);
});
