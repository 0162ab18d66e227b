import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecure, readIssuer } from "./addresses.ts";

test("an issuer is an origin in its normal form, however it was written", () => {
  for (const text of ["https://login.example.com", "https://login.example.com/", "HTTPS://Login.Example.com:443"]) {
    assert.equal(readIssuer(text), "https://login.example.com");
  }
  assert.equal(readIssuer("http://localhost:4400"), "http://localhost:4400");
});

test("an issuer with a path, query, fragment or user, or in the clear, is refused", () => {
  for (const rest of ["/path", "?x", "?", "#", "//"]) {
    assert.throws(() => readIssuer(`https://login.example.com${rest}`), { code: "invalid_options" }, rest);
  }
  for (const text of [
    "",
    "login.example.com",
    "https://me:pw@login.example.com",
    "http://login.example.com",
    "file:///",
  ]) {
    assert.throws(() => readIssuer(text), { code: "invalid_options" }, text);
  }
});

test("only https, and http that never leaves the machine, is secure", () => {
  for (const address of [
    "https://a.example/",
    "http://localhost:1/",
    "http://127.1/",
    "http://[::1]/",
    "http://a.localhost/",
  ]) {
    assert.ok(isSecure(address), address);
  }
  const insecure = [
    "http://a.example/",
    "http://localhost.a.example/",
    "http://127.0.0.1.a.example/",
    "http://10.0.0.1/",
    "ws://localhost/",
    "/",
    "",
  ];
  for (const address of insecure) assert.ok(!isSecure(address), address);
});
