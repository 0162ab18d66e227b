import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { assets } from "../pages/assets.ts";
import { assetRoutes } from "./assets.ts";

const routes = assetRoutes();
const { href, body } = assets.styles;
const get = (path: string, headers: Record<string, string> = {}) => routes.request(path, { headers });
const bytes = async (answer: Response) => Buffer.from(await answer.arrayBuffer());

test("an asset is served under the hash of its content, with its type, for ever", async () => {
  for (const asset of Object.values(assets)) {
    const answer = await get(asset.href);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), asset.type);
    assert.equal(answer.headers.get("cache-control"), "public, max-age=31536000, immutable");
    assert.deepEqual(await bytes(answer), asset.body);
  }
});

test("the smallest encoding that the browser takes is sent", async () => {
  const brotli = await get(href, { "accept-encoding": "gzip, deflate, br, zstd" });
  assert.equal(brotli.headers.get("content-encoding"), "br");
  assert.deepEqual(brotliDecompressSync(await bytes(brotli)), body);

  const gzip = await get(href, { "accept-encoding": "gzip;q=0.5, br;q=0" });
  assert.equal(gzip.headers.get("content-encoding"), "gzip");
  assert.deepEqual(gunzipSync(await bytes(gzip)), body);

  const plain = await get(href, { "accept-encoding": "gzip;q=0.0, zstd" });
  assert.equal(plain.headers.get("content-encoding"), null);
  assert.equal(plain.headers.get("vary"), "accept-encoding");
});

test("what the browser has already is not sent again", async () => {
  const etag = (await get(href, { "accept-encoding": "br" })).headers.get("etag") ?? "";
  const answer = await get(href, { "accept-encoding": "br", "if-none-match": `"other", W/${etag}` });
  assert.equal(answer.status, 304);
  assert.equal((await bytes(answer)).length, 0);
  assert.equal((await get(href, { "accept-encoding": "gzip", "if-none-match": etag })).status, 200);
});

test("the address of another release gets this one's file, which is not kept", async () => {
  const answer = await get("/assets/latchkey.AAAAAAAAAAAAAAAA.css");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "no-cache");
});

test("nothing else is there", async () => {
  for (const path of [
    "/assets/",
    "/assets/latchkey.css",
    "/assets/latchkey.x.html",
    "/assets/..%2fassets.ts",
    "/assets/other.x.css",
  ])
    assert.equal((await get(path)).status, 404, path);
});
