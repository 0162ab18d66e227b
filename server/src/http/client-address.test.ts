import assert from "node:assert/strict";
import { test } from "node:test";
import { Hono } from "hono";
import type { Config } from "../config.ts";
import { addressKey, clientAddress, isTrustedPeer, requestHost } from "./client-address.ts";
import type { HttpContext, HttpEnv } from "./context.ts";

const PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.9"];

/** What `look` sees of a request from `peer`. */
async function seen<T>(
  look: (c: HttpContext, config: Config) => T,
  peer: string,
  headers: Record<string, string> = {},
  trustedProxies = PROXIES,
) {
  let result: T | undefined;
  const app = new Hono<HttpEnv>().get("/", (c) => {
    result = look(c, { trustedProxies } as unknown as Config);
    return c.body(null, 204);
  });
  await app.request(
    "http://login.example.com/",
    { headers },
    { incoming: { url: "/", socket: { remoteAddress: peer } } },
  );
  return result;
}
const address = (peer: string, forwardedFor?: string, proxies = PROXIES) =>
  seen(clientAddress, peer, forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor }, proxies);

test("without a trusted proxy the peer is the client, whatever it claims", async () => {
  assert.equal(await address("198.51.100.7", "203.0.113.1"), "198.51.100.7");
  assert.equal(await address("10.0.0.1", "203.0.113.1", []), "10.0.0.1");
  assert.equal(await address("::ffff:198.51.100.7"), "198.51.100.7");
});

test("the client is the right-most hop that is no trusted proxy", async () => {
  assert.equal(await address("10.0.0.1", "203.0.113.1"), "203.0.113.1");
  assert.equal(await address("::ffff:10.0.0.1", "6.6.6.6, 203.0.113.1, 10.2.3.4"), "203.0.113.1");
  assert.equal(await address("2001:db8:ffff::1", "2001:db8:1::5"), "2001:db8:1::5");
  assert.equal(await address("192.0.2.9", "203.0.113.1:4711"), "203.0.113.1");
  assert.equal(await address("192.0.2.9", "[2001:db8:1::5]:4711"), "2001:db8:1::5");
  assert.equal(await address("10.0.0.1", "10.0.0.2"), "10.0.0.2");
  assert.equal(await address("10.0.0.1"), "10.0.0.1");
});

test("a hop that cannot be read is as far as trust goes", async () => {
  assert.equal(await address("10.0.0.1", "203.0.113.1, unknown, 10.0.0.2"), "10.0.0.2");
  assert.equal(await address("10.0.0.1", "<script>"), "10.0.0.1");
});

test("the forwarded host is believed from a trusted proxy only", async () => {
  const headers = { host: "Inside.example.com", "x-forwarded-host": "Acme.Example.com" };
  assert.equal(await seen(requestHost, "10.0.0.1", headers), "acme.example.com");
  assert.equal(await seen(requestHost, "198.51.100.7", headers), "inside.example.com");
});

test("loopback and trusted proxies are trusted peers, others are not", async () => {
  for (const peer of ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.1.1.1"])
    assert.ok(await seen(isTrustedPeer, peer), peer);
  for (const peer of ["198.51.100.7", "2001:db8::1"]) assert.ok(!(await seen(isTrustedPeer, peer)), peer);
});

test("budgets count one IPv4 address, or one IPv6 /64 however it is spelled", () => {
  assert.equal(addressKey("192.0.2.1"), "192.0.2.1");
  for (const same of ["2001:db8:0:1::", "2001:db8:0:1::ffff", "2001:0db8:0000:0001:a:b:c:d", "2001:DB8::1:0:0:0:1"])
    assert.equal(addressKey(same), "2001:db8:0:1::/64", same);
  assert.equal(addressKey("2001:db8:0:2::1"), "2001:db8:0:2::/64");
  assert.equal(addressKey("::1"), "0:0:0:0::/64");
  assert.equal(addressKey("fe80::1%eth0"), "fe80:0:0:0::/64");
});
