import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { returnUri } from "./return-uri.ts";

const to = {
  redirectUri: "https://app.example.com/cb",
  state: undefined,
  clientId: "c1",
  issuer: "https://login.example.com",
};
const ISS = "iss=https%3A%2F%2Flogin.example.com";

test("the answer is appended to the redirect URI as text", () => {
  assert.equal(returnUri(to, { code: "abc-US" }), `https://app.example.com/cb?code=abc-US&client_id=c1&${ISS}`);
});

test("the app's own query stays as it is", () => {
  const own = (redirectUri: string) => returnUri({ ...to, redirectUri }, { code: "abc" });
  assert.equal(own("https://a.example/cb?x=%7e&y"), `https://a.example/cb?x=%7e&y&code=abc&client_id=c1&${ISS}`);
  assert.equal(own("https://a.example/cb?"), `https://a.example/cb?code=abc&client_id=c1&${ISS}`);
  assert.equal(own("myapp://whatever"), `myapp://whatever?code=abc&client_id=c1&${ISS}`);
});

test("state comes back byte for byte, an empty one too", () => {
  assert.ok(returnUri({ ...to, state: "a%2fb+c%20d" }, { code: "x" }).includes("&state=a%2fb+c%20d&"));
  assert.ok(returnUri({ ...to, state: "" }, { code: "x" }).includes("&state=&"));
  assert.ok(!returnUri(to, { code: "x" }).includes("state"));
  fc.assert(
    fc.property(fc.stringMatching(/^[!-~]{0,200}$/), (state) => {
      assert.ok(returnUri({ ...to, state }, { code: "x" }).includes(`&state=${state}&`));
    }),
  );
});

test("a refusal says what and why", () => {
  const uri = new URL(returnUri(to, { error: "access_denied", description: "The user refused." }));
  assert.equal(uri.searchParams.get("error"), "access_denied");
  assert.equal(uri.searchParams.get("error_description"), "The user refused.");
  assert.equal(uri.searchParams.get("code"), null);
});
