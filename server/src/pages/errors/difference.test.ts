import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { differingParts, nearestOf, slipBetween } from "./difference.ts";

test("the parts are what two texts share at both ends, and what each has of its own between", () => {
  assert.deepEqual(differingParts("https://a.example/cb/", "https://a.example/cb"), {
    received: { before: "https://a.example/cb", differs: "/", after: "" },
    nearest: { before: "https://a.example/cb", differs: "", after: "" },
  });
  assert.deepEqual(differingParts("http://a.example/cb", "https://a.example/cb").nearest, {
    before: "http",
    differs: "s",
    after: "://a.example/cb",
  });
});

test("the parts put together are the text again, and no character is cut in two", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
      const { received, nearest } = differingParts(a, b);
      assert.equal(received.before + received.differs + received.after, a);
      assert.equal(nearest.before + nearest.differs + nearest.after, b);
      for (const part of Object.values(received)) assert.ok(part.isWellFormed());
    }),
  );
});

test("the nearest registered URI is the one that shares most", () => {
  const registered = ["http://localhost:3000/cb", "https://staging.app.example/cb", "https://app.example/cb"];
  assert.equal(nearestOf("https://app.example/cb/", registered), "https://app.example/cb");
  assert.equal(nearestOf("http://localhost:5173/cb", registered), "http://localhost:3000/cb");
  assert.equal(nearestOf("https://app.example/cb", []), undefined);
});

test("the classic slips are named", () => {
  const nearest = "https://app.example/cb";
  assert.match(
    slipBetween("https://app.example/cb/", nearest) ?? "",
    /slash at the end, which the registered one lacks/,
  );
  assert.match(
    slipBetween("https://app.example", "https://app.example/") ?? "",
    /slash at the end, which the received one lacks/,
  );
  assert.match(slipBetween("http://app.example/cb", nearest) ?? "", /http was sent, https is registered/);
  assert.match(slipBetween("https://app.example/CB", nearest) ?? "", /upper and lower case/);
  assert.match(slipBetween(encodeURIComponent(nearest), nearest) ?? "", /encoded twice/);
  assert.match(slipBetween(`${nearest} `, nearest) ?? "", /white space/);
  assert.match(slipBetween("https://www.app.example/cb", nearest) ?? "", /host/);
  assert.match(slipBetween("https://app.example:8443/cb", nearest) ?? "", /port/);
  assert.match(slipBetween("https://app.example/callback", nearest) ?? "", /path/);
  assert.match(slipBetween("https://app.example/cb?a=1", nearest) ?? "", /query/);
  assert.equal(slipBetween("myapp://elsewhere/x", nearest), undefined);
  for (const host of ["localhost", "127.0.0.1", "[::1]"])
    assert.match(
      slipBetween(`http://${host}:5173/cb/`, `http://${host}/cb`) ?? "",
      /slash at the end/,
      "whatever the port",
    );
});
