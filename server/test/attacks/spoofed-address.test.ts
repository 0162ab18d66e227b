import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange, loginPath, openScene } from "../support/scene.ts";
import { Visitor } from "../support/visitor.ts";

const BLOCKED = "203.0.113.7";
const PROXY = "10.0.0.1";

const direct = await openScene();
const behindProxy = await openScene({}, { settings: { LATCHKEY_TRUSTED_PROXIES: "10.0.0.0/8, 2001:db8:ffff::/48" } });

for (const { house } of [direct, behindProxy]) {
  const { directory, keys, now } = house.deps;
  for (let count = 0; count < 300; count++)
    await directory.budgets.count(`login:${keys.hmac("address-pepper", BLOCKED)}`, now(), 3_600);
}

/** Whether a sign-in is refused because of where it seems to come from. */
async function isBlocked({ house, app }: typeof direct, from: string, headers: Record<string, string>) {
  const visitor = new Visitor(house, { from, headers });
  const page = await visitor.go(loginPath(app));
  assert.ok("forms" in page);
  const answer = await visitor.submit(page, { email: "nobody@example.com", password: "wrong" });
  assert.ok("status" in answer);
  return answer.status === 429;
}

test("without trusted proxies no header says where a request comes from", async () => {
  for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip", "client-ip"]) {
    assert.equal(await isBlocked(direct, BLOCKED, { [name]: name === "forwarded" ? "for=8.8.8.8" : "8.8.8.8" }), true);
    assert.equal(await isBlocked(direct, PROXY, { [name]: BLOCKED }), false, "nobody can block another");
  }
});

test("behind a trusted proxy the right-most stranger is the client, whatever is written left of it", async () => {
  const cases: [string, string, boolean][] = [
    [PROXY, BLOCKED, true],
    [PROXY, `8.8.8.8, ${BLOCKED}`, true],
    [PROXY, `10.9.9.9, 8.8.8.8, ${BLOCKED}, 10.0.0.2`, true],
    [PROXY, `${BLOCKED}:4711`, true],
    [PROXY, `::ffff:${BLOCKED}`, true],
    [`::ffff:${PROXY}`, BLOCKED, true],
    ["2001:db8:ffff::1", BLOCKED, true],
    [PROXY, `${BLOCKED}, 8.8.8.8`, false],
    [PROXY, `nonsense, 8.8.8.8`, false],
    [BLOCKED, "8.8.8.8", true],
    ["8.8.8.8", BLOCKED, false],
  ];
  for (const [from, forwarded, expected] of cases)
    assert.equal(
      await isBlocked(behindProxy, from, { "x-forwarded-for": forwarded }),
      expected,
      `${from} ${forwarded}`,
    );
});

test("a forwarded host or scheme of a stranger changes no address of ours", async () => {
  const { house, app } = direct;
  const headers = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "https", host: "evil.example" };
  const answers = [
    await house.fetch(loginPath(app, { prompt: "none" }), { headers }),
    await house.fetch("/.well-known/openid-configuration", { headers }),
    await house.fetch("/login/forgot-password", { headers }),
  ];
  for (const answer of answers) {
    assert.doesNotMatch(`${answer.headers.get("location")} ${await answer.text()}`, /evil\.example/);
  }
  const iss = new URL(answers[0]?.headers.get("location") ?? "").searchParams.get("iss");
  assert.equal(iss, house.config.url);
});

test("changing addresses does not lift the exchanges' budget of the address that the proxy saw", async () => {
  const { house } = direct;
  let last = 0;
  for (let tries = 0; tries <= 120; tries++)
    last = (await exchange(house, "", { from: "203.0.113.50", headers: { "x-forwarded-for": `8.8.4.${tries}` } }))
      .status;
  assert.equal(last, 429);
  const { status } = await exchange(behindProxy.house, "", { from: PROXY, headers: { "x-forwarded-for": "8.8.4.4" } });
  assert.equal(status, 400);
});
