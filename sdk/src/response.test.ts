import assert from "node:assert/strict";
import { test } from "node:test";
import { AppLoginError } from "./errors.ts";
import { toResponse } from "./response.ts";

test("an outage is answered 503 with Retry-After and without a challenge", async () => {
  const response = toResponse(
    new AppLoginError("temporarily_unavailable", "Away.", { status: 503, retryAfterSeconds: 5 }),
  );

  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "5");
  assert.equal(response.headers.get("www-authenticate"), null);
});

test("a refusal without a challenge of its own gets the one of its code", () => {
  const response = toResponse(new AppLoginError("insufficient_scope", "This needs the scope desk."));

  assert.equal(response.status, 403);
  assert.equal(response.headers.get("www-authenticate"), 'Bearer error="insufficient_scope"');
});

test("errors that are not the caller's business become a bare 500", async () => {
  const errors: unknown[] = [
    new AppLoginError("server_error", "the password is swordfish", { status: 500 }),
    new AppLoginError("invalid_grant", "swordfish", { status: 400 }),
    new TypeError("swordfish"),
    "swordfish",
    undefined,
    null,
  ];
  for (const error of errors) {
    const response = toResponse(error);
    assert.equal(response.status, 500);
    assert.equal(response.headers.get("www-authenticate"), null);
    assert.doesNotMatch(await response.text(), /swordfish/);
  }
});
