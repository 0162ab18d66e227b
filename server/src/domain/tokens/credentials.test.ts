import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  newAccessToken,
  newCode,
  newRefreshToken,
  readAccessToken,
  readRefreshToken,
  regionOfCode,
} from "./credentials.ts";

const hints = fc.record(
  {
    installationId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    userId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    region: fc.stringMatching(/^[A-Z][A-Z0-9]{1,15}$/),
  },
  { noNullPrototype: true },
);

test("an access token reads back the hint it was made with", () => {
  fc.assert(
    fc.property(hints, (hint) => {
      assert.deepEqual(readAccessToken(newAccessToken(hint).secret), hint);
    }),
  );
});

test("an access token has the shape of the wire contract", () => {
  const token = newAccessToken({ installationId: 1, userId: 1, region: "US" }).secret;
  assert.match(token, /^tkn\.v1_[A-Za-z0-9+/]+={0,2}$/);
  const readable = Buffer.from(token.slice("tkn.v1_".length), "base64").toString();
  assert.match(readable, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-1\.1\.US$/);
});

test("only the canonical spelling of a token is a token", () => {
  const token = newAccessToken({ installationId: 12, userId: 4711, region: "EU" }).secret;
  const encoded = token.slice("tkn.v1_".length);
  const others = [
    `tkn.v1_${encoded.replace(/=+$/, "")}`,
    `tkn.v1_${encoded}=`,
    `tkn.v1_${encoded} `,
    `tkn.v1_ ${encoded}`,
    `tkn.v1_${encoded.slice(0, 8)}\n${encoded.slice(8)}`,
    `tkn.v2_${encoded}`,
    `TKN.v1_${encoded}`,
    encoded,
    "",
    "tkn.v1_",
  ].filter((other) => other !== token);
  for (const other of others) assert.equal(readAccessToken(other), undefined, other);
});

test("ids that no user can have make no token", () => {
  const uuid = "7cc8debd-a469-4b8b-9eef-f825d4480274";
  const spell = (readable: string) => `tkn.v1_${Buffer.from(readable).toString("base64")}`;
  assert.deepEqual(readAccessToken(spell(`${uuid}-1.2.US`)), { installationId: 1, userId: 2, region: "US" });
  for (const tail of [
    "0.1.US",
    "1.0.US",
    "01.1.US",
    "2147483648.1.US",
    "1.2147483648.US",
    "1.1.us",
    "1.1.U",
    "1.1.US ",
    "1.1",
  ])
    assert.equal(readAccessToken(spell(`${uuid}-${tail}`)), undefined, tail);
});

test("a refresh token is no access token, nor the other way round", () => {
  const hint = { installationId: 1, userId: 1, region: "US" };
  assert.equal(readAccessToken(newRefreshToken(hint).secret), undefined);
  assert.equal(readRefreshToken(newAccessToken(hint).secret), undefined);
});

test("a code names its region and two codes are never alike", () => {
  const code = newCode("US").secret;
  assert.match(code, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-US$/);
  assert.equal(regionOfCode(code), "US");
  assert.notEqual(code, newCode("US").secret);
  for (const other of ["", "US", code.toUpperCase(), `${code} `, code.slice(1), `${code}-US`])
    assert.equal(regionOfCode(other), undefined, other);
});
