import assert from "node:assert/strict";
import { test } from "node:test";
import { grantedScopes, readScopes, unknownScopes } from "./scopes.ts";

const app = { scopes: ["projects", "desk"] };

test("an app is granted its own scopes, narrowed to those it asked for", () => {
  assert.deepEqual(grantedScopes(app, []), ["projects", "desk"]);
  assert.deepEqual(grantedScopes(app, ["desk"]), ["desk"]);
  assert.deepEqual(grantedScopes(app, ["desk", "crm"]), ["desk"]);
});

test("scopes that the app may not have narrow nothing", () => {
  assert.deepEqual(grantedScopes(app, ["crm"]), ["projects", "desk"]);
});

test("openid, profile and email are added when asked for", () => {
  assert.deepEqual(grantedScopes(app, ["email", "openid"]), ["projects", "desk", "openid", "email"]);
  assert.deepEqual(grantedScopes(app, ["desk", "profile"]), ["desk", "profile"]);
});

test("an app that lists openid gets it unasked, and asking for it alone narrows nothing else", () => {
  const listing = { scopes: ["projects", "openid"] };
  assert.deepEqual(grantedScopes(listing, []), ["projects", "openid"]);
  assert.deepEqual(grantedScopes(listing, ["openid"]), ["projects", "openid"]);
  assert.deepEqual(grantedScopes(listing, ["projects"]), ["projects"]);
});

test("a scope that is neither the app's nor OpenID's is unknown", () => {
  assert.deepEqual(unknownScopes(app, ["desk", "openid", "crm"]), ["crm"]);
});

test("scopes are separated by spaces, and at the lenient door by commas too", () => {
  assert.deepEqual(readScopes("a,b  c a", /[ ,]+/), ["a", "b", "c"]);
  assert.deepEqual(readScopes("", / +/), []);
  assert.deepEqual(readScopes(undefined, / +/), []);
});
