import assert from "node:assert/strict";
import { test } from "node:test";
import { open, openPortal } from "../support/portal-scene.ts";
import { requirePage } from "../support/visitor.ts";

test("a hostile name, description or address is shown as text and never linked", async () => {
  const { visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp(`"><script>alert(1)</script>`);
  const path = `/portal/apps/${clientId}`;
  for (const tab of ["", "/credentials", "/branding", "/scopes", "/danger"]) {
    const page = await open(visitor, path + tab);
    assert.equal(page.status, 200);
    assert.ok(!page.html.includes("<script>alert"), tab);
  }
  const form = await open(visitor, `${path}/branding`);
  for (const url of ["javascript:alert(1)", "//evil.example", "https://user:pw@evil.example/"])
    assert.equal(requirePage(await visitor.submit(form, { url })).status, 422);
  for (const redirectUri of ["javascript:alert(1)", "https://a.example/#x", "https://*.example/", "data:text/html,x"])
    assert.equal(
      requirePage(await visitor.submit(await open(visitor, `${path}/credentials`), { redirectUri })).status,
      422,
    );
});

test("a form without the version that was seen changes nothing", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId } = await registerApp();
  const path = `/portal/apps/${clientId}/branding`;
  const fields = (await open(visitor, path)).forms.find((one) => one.action === path)?.fields ?? {};
  for (const version of ["", "0", "999", "x", "1e0 "])
    assert.equal(requirePage(await visitor.post(path, { ...fields, name: "Evil", version })).status, 409);
  assert.equal((await house.deps.directory.apps.find(clientId))?.name, "Planner");
});

test("no secret stays in a page, an address or the log once it was shown", async () => {
  const { house, visitor, registerApp } = await openPortal();
  const { clientId, page } = await registerApp();
  const secret = /lks_[\w-]+/.exec(page.html)?.[0] ?? "";
  assert.ok(secret.length > 20);
  assert.equal(page.headers.get("cache-control"), "no-store");
  for (const tab of ["", "/credentials", "/branding", "/scopes", "/danger", "/logs"])
    assert.ok(!(await open(visitor, `/portal/apps/${clientId}${tab}`)).html.includes(secret));
  assert.ok(!JSON.stringify(await house.deps.directory.apps.find(clientId)).includes(secret));
});
