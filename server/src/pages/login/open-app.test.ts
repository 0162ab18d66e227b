import assert from "node:assert/strict";
import { test } from "node:test";
import { openAppPage } from "./open-app.ts";

const page = (uri: string) => openAppPage({ app: { name: "Planner" }, uri, refused: false });

test("an app with a scheme of its own is opened by a link that everyone can see", () => {
  for (const uri of ["planner://done?code=1", "com.example.planner:/done", "vscode://publisher.ext/path?a='b'"])
    assert.ok(page(uri).includes(`href="${uri.replaceAll("'", "&#39;")}" data-open>`), uri);
});

test("a URI that a browser would run, read or fetch is never rendered", () => {
  for (const uri of [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://a.example/1",
    "view-source:https://a.example",
    "intent://x#Intent;end",
    "ms-settings:x",
    "https://a.example/",
    "http://localhost/",
    "relative",
    "",
  ])
    assert.throws(() => page(uri), /may not be opened/, uri);
});

test("a refusal says that nothing was granted, and still leads back to the app", () => {
  const refused = openAppPage({ app: { name: "Planner" }, uri: "planner://done?error=access_denied", refused: true });
  assert.match(refused, /was given no access/);
  assert.match(refused, /href="planner:\/\/done\?error=access_denied"/);
});
