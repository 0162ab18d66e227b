import assert from "node:assert/strict";
import { test } from "node:test";
import { CODE } from "../test/samples.ts";
import { readCallback } from "./callback.ts";

const ISSUER = "https://login.example.com";
const STATE = "k3Jq0d5o8m2Zr7Xw1c9Vb4Nt6Yh_Le-UaPsGiFvQxDk";

const APP = { issuer: ISSUER, redirectUri: "https://app.example.com/callback" };

const address = (query: Record<string, string>) => `/callback?${new URLSearchParams(query)}`;
const GOOD = { code: CODE, state: STATE, client_id: "714e", iss: ISSUER };

test("a callback gives its code, and the verifier that belongs to it", () => {
  const callback = readCallback(address(GOOD), { state: STATE, codeVerifier: "verifier" }, APP);

  assert.deepEqual(callback, { code: CODE, state: STATE, codeVerifier: "verifier" });
});

test("a callback is read from a path, a whole address, a URL and a private scheme alike", () => {
  const { search } = new URL(address(GOOD), APP.redirectUri);
  const forms = [
    `/callback${search}`,
    APP.redirectUri + search,
    new URL(APP.redirectUri + search),
    `myapp://done${search}`,
  ];

  for (const url of forms) assert.equal(readCallback(url, { state: STATE }, APP).code, CODE);
});

test("a callback with another state, or none, is refused (RFC 6749 §10.12)", () => {
  for (const state of ["", "x", `${STATE}x`, STATE.toLowerCase()]) {
    assert.throws(() => readCallback(address({ ...GOOD, state }), { state: STATE }, APP), { code: "state_mismatch" });
  }
  const { state: _, ...stateless } = GOOD;
  assert.throws(() => readCallback(address(stateless), { state: STATE }, APP), { code: "state_mismatch" });
});

test("a session that remembers no state matches no callback", () => {
  for (const state of ["", "undefined", "null"]) {
    for (const expected of [{ state: "" }, undefined]) {
      assert.throws(() => readCallback(address({ ...GOOD, state }), expected, APP), { code: "state_mismatch" });
    }
  }
});

test("a callback from another login server, or from an unnamed one, is refused (RFC 9207)", () => {
  for (const iss of ["https://evil.example", `${ISSUER}/`, `${ISSUER}:443`, ""]) {
    assert.throws(() => readCallback(address({ ...GOOD, iss }), { state: STATE }, APP), { code: "issuer_mismatch" });
  }
  const { iss: _, ...unnamed } = GOOD;
  assert.throws(() => readCallback(address(unnamed), { state: STATE }, APP), { code: "issuer_mismatch" });
});

test("the user's refusal is access_denied", () => {
  const refused = { state: STATE, iss: ISSUER, error: "access_denied", error_description: "The user\u0007 refused." };

  assert.throws(() => readCallback(address(refused), { state: STATE }, APP), {
    name: "AppLoginError",
    code: "access_denied",
    description: "The user  refused.",
  });
});

test("an error is believed only under the right state", () => {
  const forged = { state: "x", iss: ISSUER, error: "access_denied" };

  assert.throws(() => readCallback(address(forged), { state: STATE }, APP), { code: "state_mismatch" });
});

test("an error that no protocol knows is server_error, also beside a code", () => {
  assert.throws(() => readCallback(address({ ...GOOD, error: "constructor" }), { state: STATE }, APP), {
    code: "server_error",
  });
});

test("a callback with neither code nor error is missing_code", () => {
  for (const query of [
    { state: STATE, iss: ISSUER },
    { ...GOOD, code: "" },
  ]) {
    assert.throws(() => readCallback(address(query), { state: STATE }, APP), { code: "missing_code" });
  }
});

test("a callback that carries a parameter twice is refused", () => {
  for (const extra of [`&state=${STATE}`, `&code=${CODE}`, "&error=a&error=b", `&iss=${ISSUER}`]) {
    assert.throws(() => readCallback(address(GOOD) + extra, { state: STATE }, APP), { code: "invalid_request" });
  }
});

test("text that is no address is refused with an AppLoginError", () => {
  for (const url of ["http://[", "//", "http://:99999"]) {
    assert.throws(() => readCallback(url, { state: STATE }, APP), { name: "AppLoginError", code: "invalid_request" });
  }
});
