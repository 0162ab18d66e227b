import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hashSecret } from "../../src/secrets.ts";
import { reach } from "../lab/reach.ts";
import { codesOf, exchangeAt, look, openLabScene } from "../lab/scene.ts";
import { reportFault } from "../support/promises.ts";
import { exchange, exchangeOf, newCode } from "../support/scene.ts";
import { Visitor } from "../support/visitor.ts";

/** Machines whose clocks are 5 minutes off: the region's database says what time it is. */

const WRONG_CLOCK = fileURLToPath(new URL("../lab/wrong-clock.ts", import.meta.url));
const SECONDS_OFF_MAX = 2;

const scene = await openLabScene();
const expiring = await scene.world.registerApp({ trusted: true, tokens: "expiring", scopes: [] });

for (const minutes of [5, -5]) {
  test(`a server whose clock is ${minutes} minutes off keeps every lifetime within 2 s`, async () => {
    const late = await scene.lab.addServer({
      preload: [WRONG_CLOCK],
      env: { WRONG_CLOCK_SECONDS: String(minutes * 60) },
    });
    const [line = ""] = /"time":"[^"]+"/.exec(late.output()) ?? [];
    const itsTime = Date.parse(line.slice(8, -1));
    assert.ok(Math.abs(itsTime - Date.now() - minutes * 60_000) < 30_000, "its clock is really wrong");
    const door = reach(scene.lab, late);
    const visitor = new Visitor(door);
    for (const [name, value] of scene.residents.US.visitors[0]?.cookies ?? []) visitor.cookies.set(name, value);

    // What it issues.
    const code = await newCode({ visitor }, scene.app);
    const kept = await look<{ left: string }>(
      scene.us,
      `SELECT expires_at - ${NOW} AS left FROM code WHERE code_hash = $1`,
      [hashSecret(code)],
    );
    const codeOff = Math.abs(Number(kept[0]?.left) - 900);
    assert.ok(codeOff <= SECONDS_OFF_MAX, `the code lives ${kept[0]?.left} s`);
    const fresh = await newCode({ visitor }, expiring, { scope: "openid" });
    const { status, body } = await exchange(door, exchangeOf(expiring, fresh));
    assert.equal(status, 200);
    const token = await look<{ left: string }>(
      scene.us,
      `SELECT expires_at - ${NOW} AS left FROM token WHERE token_hash = $1`,
      [hashSecret(body.access_token)],
    );
    const tokenOff = Math.abs(Number(token[0]?.left) - 3_600);
    assert.ok(tokenOff <= SECONDS_OFF_MAX, `the token lives ${token[0]?.left} s`);
    const claims = JSON.parse(Buffer.from(body.id_token.split(".")[1], "base64url").toString());
    assert.ok(Math.abs(claims.iat - Date.now() / 1_000) <= SECONDS_OFF_MAX + 1);

    // What it judges.
    for (const [seconds, expected] of [
      [SECONDS_OFF_MAX + 1, 200],
      [-1, 400],
    ] as const) {
      const [other = ""] = await codesOf(scene, "US", 1);
      await look(scene.us, `UPDATE code SET expires_at = ${NOW} + $2 WHERE code_hash = $1`, [
        hashSecret(other),
        seconds,
      ]);
      assert.equal((await exchange(door, exchangeOf(scene.app, other))).status, expected);
    }
    const headers = { authorization: `Bearer ${body.access_token}` };
    const check = async () => (await door.fetch("/launchpad/v1/userinfo.json", { headers })).status;
    assert.equal(await check(), 200);
    await look(scene.us, `UPDATE token SET expires_at = ${NOW} - 1 WHERE token_hash = $1`, [
      hashSecret(body.access_token),
    ]);
    assert.equal(await check(), 401);
    assert.equal((await exchangeAt(scene, 0, code)).status, 200, "what it issued is good elsewhere");
    await late.kill();
    reportFault({
      fault: `a server's clock ${minutes} minutes off`,
      promise: "the region database's clock decides: lifetimes hold within 2 s",
      happened: `code ${codeOff} s off, token ${tokenOff} s off; late ones are refused, good ones pass`,
    });
  });
}

const NOW = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)";
