import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { stripTypeScriptTypes } from "node:module";
import { test } from "node:test";
import { type AppValues, snippetsFor } from "./snippets.ts";

/** What an app may have registered. */
const HOSTILE = [
  `com.example.app:/'"\`$(touch /tmp/latchkey-was-here)\${process.exit(9)}\\`,
  "com.example.app:/</script><script>alert(1)</script>",
  "https://app.example.com/a:b*{c}?x='$(id)`id`;%22",
  "http://127.0.0.1/a(b)'$(id)",
];
const FORMS = HOSTILE.flatMap((redirectUri) =>
  [true, false].map(
    (confidential): AppValues => ({
      url: "https://login.example.com",
      clientId: "714e6facf170413489dfab7a07c943f8ecf4622a",
      redirectUri,
      confidential,
      origin: "https://app.example.com",
    }),
  ),
);
const JAVASCRIPT = ["express", "fastify", "hono", "browser", "extension", "cli"];

const all = (id: string) =>
  FORMS.map((app) => snippetsFor("web", app, [app.redirectUri]).find((one) => one.id === id)?.text ?? "");

/** Whether a program that reads code finds nothing wrong with it; `undefined` where it is not there. */
const accepted = (program: string, args: readonly string[], code: string): boolean | undefined => {
  const { status, error } = spawnSync(program, args, { input: code });
  return error ? undefined : status === 0;
};

test("whatever an app has registered, its snippets are programs of their languages", () => {
  for (const id of JAVASCRIPT)
    for (const text of all(id)) assert.doesNotThrow(() => stripTypeScriptTypes(text, { mode: "transform" }), id);
  for (const text of all("next"))
    for (const file of text.split(/^\/\/ \S+\.js$/m)) assert.doesNotThrow(() => stripTypeScriptTypes(file));
  for (const text of all("curl")) assert.notEqual(accepted("bash", ["-n"], text), false);
  for (const text of all("python"))
    assert.notEqual(accepted("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], text), false);
  for (const text of all("go")) assert.notEqual(accepted("gofmt", ["-e"], text), false);
});

test("no snippet ends a page's script, and what a shell would run stays a text", () => {
  for (const id of JAVASCRIPT) for (const text of all(id)) assert.ok(!text.includes("</script"));
  for (const text of all("curl")) {
    const [first] = text.split("\nstate=");
    const { stdout } = spawnSync("bash", ["-c", `${first}\nprintf %s "$redirect_uri"`], { encoding: "utf8" });
    assert.ok(HOSTILE.includes(stdout), stdout);
  }
});

test("a secret is in snippets by its name alone, and where there is none not even that", () => {
  for (const app of FORMS)
    for (const { id, text } of snippetsFor("web", app, [])) {
      const apart = ["browser", "extension"].includes(id);
      assert.equal(text.includes("LATCHKEY_CLIENT_SECRET"), app.confidential && !apart, id);
    }
});

test("what fits the kind of app comes first", () => {
  const first = (platform: string) => snippetsFor(platform, FORMS[0] as AppValues, []).map(({ id }) => id);
  assert.deepEqual(first("web").slice(0, 2), ["curl", "express"]);
  assert.equal(first("spa")[0], "browser");
  assert.equal(first("extension")[0], "extension");
  assert.equal(first("cli")[0], "cli");
  assert.equal(new Set(first("web")).size, 11);
});
