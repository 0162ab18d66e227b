import assert from "node:assert/strict";
import { test } from "node:test";
import { openHouse } from "../support/house.ts";

// wire.md section 7, as who registers an app meets it; the rules themselves are tested beside their file.

const house = await openHouse();
const lenient = await openHouse({ settings: { LATCHKEY_PLAIN_HTTP_REDIRECTS: "allow" } });

const register = (more: Record<string, unknown>, where = house) =>
  where.admin("POST", "/apps", { name: "App", redirectUris: ["https://app.example.com/cb"], ...more });

/** What is said at the field, or `undefined` when the app was registered. */
async function problemOf(field: "redirectUris" | "allowedOrigins", value: string, where = house) {
  const { status, body } = await register({ [field]: [value] }, where);
  if (status === 201) return undefined;
  assert.equal(status, 422, `${value}: ${JSON.stringify(body)}`);
  const error = body.errors.find((one: { field: string }) => one.field.startsWith(field));
  assert.ok(error, `the reason stands at the field: ${JSON.stringify(body)}`);
  return String(error.message);
}

const EXTENSION = "abcdefghijklmnopabcdefghijklmnop";

test("web addresses, loopback ones, Chrome extensions and private schemes may be registered, and stay as they were written", async () => {
  for (const uri of [
    "https://app.example.com",
    "https://app.example.com/",
    "https://app.example.com:8443/cb?a=1&b=%20",
    "https://app.example.com/%C3%A4/~x/cb;v=1",
    "https://xn--exmple-cua.com/cb",
    "https://script.google.com/macros/d/abc/usercallback",
    "http://localhost/cb",
    "http://localhost:3000/cb",
    "http://127.0.0.1:8080/",
    "http://[::1]:8080/cb",
    `https://${EXTENSION}.chromiumapp.org/`,
    `https://${EXTENSION}.chromiumapp.org/cb`,
    "vscode://publisher.ext/path",
    "customprotocolapp://whatever",
    "juntoscope://",
    "com.example.app:/callback",
  ]) {
    const { status, body } = await register({ redirectUris: [uri] });
    assert.equal(status, 201, `${uri}: ${JSON.stringify(body)}`);
    assert.deepEqual(body.redirectUris, [uri]);
  }
});

test("what is not in its normal form is refused, with the normal form offered", async () => {
  for (const [uri, normal] of [
    ["HTTPS://app.example.com/cb", "https://app.example.com/cb"],
    ["https://APP.example.com/cb", "https://app.example.com/cb"],
    ["https://app.example.com:443/cb", "https://app.example.com/cb"],
    ["http://localhost:80/cb", "http://localhost/cb"],
    ["https://app.example.com/a/../cb", "https://app.example.com/cb"],
    ["https://app.example.com/a/%2e%2E/cb", "https://app.example.com/cb"],
    ["https://exämple.com/cb", "https://xn--exmple-cua.com/cb"],
    ["https://app.example.com./cb", "https://app.example.com/cb"],
    ["http://127.1/cb", "http://127.0.0.1/cb"],
    ["http://0x7f000001/cb", "http://127.0.0.1/cb"],
    ["http://[0:0:0:0:0:0:0:1]/cb", "http://[::1]/cb"],
    ["https:/app.example.com/cb", "https://app.example.com/cb"],
  ] as const)
    assert.match(
      (await problemOf("redirectUris", uri)) ?? "",
      new RegExp(`${normal.replace(/[[\].?/]/g, "\\$&")}$`),
      uri,
    );
});

test("what is no address to send people to is refused, with the reason", async () => {
  for (const uri of [
    "",
    "/cb",
    "app.example.com/cb",
    "localhost:3000/cb",
    "//app.example.com/cb",
    "https://",
    "https://app.example.com/cb#",
    "https://app.example.com/cb#x",
    "https://*.example.com/cb",
    "https://app.example.com/*",
    "https://user@app.example.com/cb",
    "https://user:password@app.example.com/cb",
    "https://@app.example.com/cb",
    "https://app.example.com/c b",
    " https://app.example.com/cb",
    "https://app.example.com\\cb",
    "https://app.example.com/%zz",
    `https://app.example.com/${"x".repeat(2_048)}`,
    "https://app.example.com:0/",
    "https://app.example.com:65536/",
    ...["code", "state", "error", "client_id", "iss"].map((name) => `https://app.example.com/cb?${name}=1`),
    "https://app.example.com/cb?a=1&c%6fde=2",
    "http://app.example.com/cb",
    "http://localhost.example.com/cb",
    "http://192.168.0.1/cb",
    "http://127.0.0.2/cb",
    "https://evil.chromiumapp.org/",
    `https://${EXTENSION}q.chromiumapp.org/`,
    `https://${EXTENSION.toUpperCase()}.chromiumapp.org/`,
    `https://sub.${EXTENSION}.chromiumapp.org/`,
    `http://${EXTENSION}.chromiumapp.org/`,
    "https://chromiumapp.org/",
    "com.example.app:",
  ]) {
    const { status, body } = await register({ redirectUris: [uri] });
    assert.ok(status === 422 || status === 400, `${uri}: ${status}`);
    assert.ok(body.errors.length > 0, uri);
  }
});

test("a scheme that a browser or a system would run is refused", async () => {
  const schemes = `javascript data vbscript file blob about ws wss ftp ftps filesystem view-source intent mailto tel sms urn
    jar resource chrome chrome-extension moz-extension ms-settings ms-word`;
  for (const scheme of schemes.split(/\s+/))
    for (const uri of [`${scheme}://x/y`, `${scheme}:x`, `${scheme.toUpperCase()}://x/y`])
      assert.match((await problemOf("redirectUris", uri)) ?? "", /./, uri);
});

test("plain http on other hosts is for who allows it", async () => {
  for (const uri of ["http://app.example.com/cb", "http://192.168.0.1:8080/cb"]) {
    assert.ok(await problemOf("redirectUris", uri));
    assert.equal(await problemOf("redirectUris", uri, lenient), undefined);
  }
  assert.ok(await problemOf("redirectUris", "http://user@app.example.com/cb", lenient));
});

test("origins are scheme, host and port as browsers send them", async () => {
  for (const origin of [
    "https://app.example.com",
    "http://localhost:3000",
    "https://app.example.com:8443",
    `chrome-extension://${EXTENSION}`,
  ])
    assert.equal(await problemOf("allowedOrigins", origin), undefined, origin);
  for (const origin of [
    "https://app.example.com/",
    "https://app.example.com/cb",
    "https://app.example.com:443",
    "http://app.example.com:80",
    "https://APP.example.com",
    "HTTPS://app.example.com",
    "https://*.example.com",
    "*",
    "null",
    "app.example.com",
    "https://user@app.example.com",
    "https://app.example.com?x",
    "https://app.example.com#x",
    "https://exämple.com",
    " https://app.example.com",
    "javascript://x",
    "file://",
    "data:",
    "",
  ])
    assert.ok(await problemOf("allowedOrigins", origin), origin);
});

test("the same rules hold when an app is changed, and a refused change changes nothing", async () => {
  const { body: app } = await register({});
  const path = `/apps/${app.clientId}`;
  for (const change of [{ redirectUris: ["javascript:alert(1)"] }, { redirectUris: [] }, { allowedOrigins: ["null"] }])
    assert.ok([400, 422].includes((await house.admin("PATCH", path, change)).status));
  assert.deepEqual((await house.admin("GET", path)).body.redirectUris, app.redirectUris);
});
