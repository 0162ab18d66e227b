import assert from "node:assert/strict";
import { test } from "node:test";
import { isChallenge, requireVerifier } from "./pkce.ts";

// RFC 7636, Appendix B.
const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const refused = { code: "invalid_grant" };

test("the verifier of RFC 7636's own example answers its challenge", () => {
  requireVerifier(CHALLENGE, VERIFIER, false);
});

test("a wrong, missing or unexpected verifier is refused", () => {
  assert.throws(() => requireVerifier(CHALLENGE, `${VERIFIER.slice(0, -1)}x`, false), refused);
  assert.throws(() => requireVerifier(CHALLENGE, undefined, false), refused);
  assert.throws(() => requireVerifier(CHALLENGE, "", false), refused);
  assert.throws(() => requireVerifier(null, VERIFIER, false), refused);
  requireVerifier(null, undefined, false);
});

test("the challenge itself passes as a verifier for apps with pkceCompat only", () => {
  requireVerifier(CHALLENGE, CHALLENGE, true);
  assert.throws(() => requireVerifier(CHALLENGE, CHALLENGE, false), refused);
});

test("a challenge is 43 base64url characters", () => {
  assert.ok(isChallenge(CHALLENGE));
  for (const other of ["", CHALLENGE.slice(1), `${CHALLENGE}A`, `${CHALLENGE.slice(1)}=`, `${CHALLENGE.slice(1)}+`])
    assert.ok(!isChallenge(other), other);
});
