import assert from "node:assert/strict";
import { test } from "node:test";
import { newTrialSecret } from "../../src/domain/trials/trial-secret.ts";
import { hashSecret } from "../../src/secrets.ts";
import { open } from "../support/portal-scene.ts";
import { basic, exchange, postForm } from "../support/scene.ts";
import { openTrial, ownCode, redirectOf, startOf } from "../support/trial.ts";
import { requirePage, Visitor } from "../support/visitor.ts";
import { REDIRECT_URI, signIn, worldOf } from "../support/world.ts";

const CALLBACK = "/portal/try/callback";

test("nobody but the portal can have a login end at the portal, whatever the app has registered", async () => {
  const { house, visitor, clientId, path } = await openTrial();
  const world = worldOf(house);
  const greedy = await world.registerApp({ redirectUris: [`http://localhost${CALLBACK}`], trusted: true });
  const ownState = new URL(await redirectOf(house, visitor, "/portal/login")).searchParams.get("state") ?? "";
  for (const client of [clientId, greedy.clientId])
    for (const state of [undefined, "1", "1.2.3.4", ownState])
      for (const door of ["/launchpad/login", "/oauth2/authorize"]) {
        const query = { client_id: client, redirect_uri: house.config.url + CALLBACK, response_type: "code" };
        const page = requirePage(
          await visitor.go(`${door}?${new URLSearchParams({ ...query, ...(state !== undefined && { state }) })}`),
        );
        assert.equal(page.status, 400);
        assert.match(page.html, /This try is over/);
        assert.equal(page.forms.length, 0);
      }
  assert.equal((await house.deps.directory.apps.find(clientId))?.redirectUris.length, 0);

  const uri = house.config.url + CALLBACK;
  const form = await open(visitor, path.replace(/try$/, "credentials"));
  assert.equal(requirePage(await visitor.submit(form, { redirectUri: uri })).status, 422);
  assert.equal((await house.admin("POST", "/apps", { name: "Evil", redirectUris: [uri] })).status, 422);
});

test("the link that begins a try works once, in its own browser, for its own app, for 15 minutes", async () => {
  const { house, visitor, path, registerApp } = await openTrial();
  const over = async (who: Visitor, link: string) => {
    const page = requirePage(await who.go(link));
    assert.equal(page.status, 400);
    assert.match(page.html, /This try is over/);
  };
  const link = await startOf(house, visitor, path);
  await over(new Visitor(house), link);
  const other = new URL(link, house.config.url);
  other.searchParams.set("client_id", (await registerApp("Another")).clientId);
  await over(visitor, other.pathname + other.search);
  assert.equal(requirePage(await visitor.go(link)).status, 200);
  await over(visitor, link);

  const late = await startOf(house, visitor, path);
  house.passSeconds(15 * 60);
  await over(visitor, late);
});

test("the login page of a try leads nowhere in another browser, and is not begun anew in its own", async () => {
  const { house, visitor, path } = await openTrial();
  const page = requirePage(await visitor.go(await startOf(house, visitor, path)));
  const request = page.forms[0]?.fields.request ?? "";
  const victim = new Visitor(house);
  await victim.go("/portal/login"); // has a cookie of its own
  for (const who of [visitor, victim]) {
    const again = requirePage(await who.post("/login/restart", { request }));
    assert.equal(again.status, 400);
    assert.match(again.html, /This try is over/);
  }
  const carried = requirePage(await victim.go(`/login/continue?request=${request}`));
  assert.equal(carried.status, 400);
  assert.equal(carried.forms.length, 0);
});

test("a callback is believed once, by who began it, with the code of that very login (login CSRF, code injection)", async () => {
  const scene = await openTrial();
  const { visitor, path, another } = scene;
  const refused = async (who: Visitor, address: string) => {
    const page = requirePage(await who.go(address));
    assert.equal(page.status, 400, address.slice(0, 60));
    assert.equal(page.forms.length, 0);
  };
  const mine = await scene.callback();
  const theirs = await another("developer");
  const foreign = await scene.callback(theirs.visitor);
  const codeOf = (address: string) => new URL(address).searchParams.get("code") ?? "";

  await refused(visitor, `${CALLBACK}?code=${codeOf(foreign)}`);
  await refused(visitor, foreign);
  await refused(theirs.visitor, mine);
  const injected = new URL(mine);
  injected.searchParams.set("code", codeOf(foreign));
  await refused(visitor, injected.href); // and now it is spent
  await refused(visitor, mine);

  const own = await scene.callback();
  assert.match(requirePage(await visitor.go(own)).url, new RegExp(`${path}/US\\.`));
  await refused(visitor, own);
});

test("a callback is worth nothing to somebody else who has signed in to the portal in the same browser", async () => {
  const scene = await openTrial();
  const address = await scene.callback();
  const other = await scene.another("developer");
  for (const [name, value] of other.visitor.cookies)
    if (name.includes("portal")) scene.visitor.cookies.set(name, value);
  assert.equal(requirePage(await scene.visitor.go(address)).status, 400);
});

test("a callback after 15 minutes, or of another login server, is refused", async () => {
  const scene = await openTrial();
  const address = new URL(await scene.callback());
  address.searchParams.set("iss", "https://evil.example");
  assert.equal(requirePage(await scene.visitor.go(address.href)).status, 400);
  address.searchParams.set("iss", scene.house.config.url);
  scene.house.passSeconds(15 * 60);
  assert.equal(requirePage(await scene.visitor.go(address.href)).status, 400);
});

test("the secret of a try exchanges the code of its own login, and nothing else", async () => {
  const scene = await openTrial();
  const { house, clientId, visitor, path } = scene;
  const { deps } = house;
  const code = new URL(await scene.callback()).searchParams.get("code") ?? "";
  const trialId = (await deps.regions.require("US").store.codes.find(hashSecret(code)))?.loginId ?? "";
  const secret = newTrialSecret(deps, clientId, trialId);
  const refusedWith = async (fields: Record<string, unknown>, error: string) => {
    const answer = await exchange(house, { client_id: clientId, client_secret: secret, ...fields });
    assert.equal(answer.body.error, error, JSON.stringify(fields));
  };

  // The code of a user who logs in to the app itself, and of another try.
  await refusedWith(await ownCode(scene), "invalid_grant");
  const other = new URL(await scene.callback()).searchParams.get("code") ?? "";
  await refusedWith({ code: other, redirect_uri: house.config.url + CALLBACK }, "invalid_grant");
  // Another app's, another's name, a spelling of its own, what is no secret at all.
  const another = await worldOf(house).registerApp();
  await refusedWith({ client_id: another.clientId, code, redirect_uri: "https://a.example" }, "invalid_client");
  for (const forged of [
    `${secret}.1`,
    secret.slice(0, -1),
    secret.replace(/\.(\d+)\./, ".9$1."),
    "lks_try_",
    "lks_try_..",
  ])
    await refusedWith({ client_secret: forged, code }, "invalid_client");
  // It renews nothing.
  await refusedWith({ grant_type: "refresh_token", refresh_token: "rfr.v1_x" }, "invalid_client");
  // Its own code needs the verifier, which is on no page.
  await refusedWith({ code, redirect_uri: house.config.url + CALLBACK }, "invalid_grant");

  house.passSeconds(15 * 60);
  const introspected = await postForm(
    house,
    "/oauth2/introspect",
    { token: "x" },
    { headers: { authorization: basic(clientId, secret) } },
  );
  assert.equal(introspected.status, 401, "15 minutes later it is none");

  const credentials = await open(visitor, path.replace(/try$/, "credentials"));
  assert.doesNotMatch(credentials.html, /lks_try_/);
  assert.equal((await deps.directory.apps.find(clientId))?.secrets.length, 1, "it counts among no secrets");
});

test("a code of a try is worth nothing with a redirect URI of the app, nor an ordinary code with the portal's", async () => {
  const scene = await openTrial();
  const { house, clientId } = scene;
  const code = new URL(await scene.callback()).searchParams.get("code") ?? "";
  const base = { client_id: clientId, client_secret: scene.clientSecret };
  for (const fields of [
    { code, redirect_uri: REDIRECT_URI },
    { ...(await ownCode(scene)), redirect_uri: house.config.url + CALLBACK },
  ])
    assert.equal((await exchange(house, { ...base, ...fields })).body.error, "invalid_grant");
});

test("a try is seen and used by nobody but who made it, with no other app, and from no other site", async () => {
  const scene = await openTrial();
  const { house, visitor, clientId, path, begin, another, registerApp } = scene;
  const page = await begin();
  const name = page.url.split("/").at(-1) ?? "";
  const second = (await registerApp("Another")).clientId;
  const colleague = (await another("developer")).visitor;
  const act = { ...page.forms.find(({ action }) => action.endsWith(name))?.fields, act: "exchange" };
  const before = await house.deps.regions.require("US").store.trials.find(name.slice(3), house.deps.now());

  assert.doesNotMatch((await open(colleague, `${path}/${name}`)).html, /Exchange the code for a token/);
  assert.doesNotMatch(
    (await open(visitor, `/portal/apps/${second}/try/${name}`)).html,
    /Exchange the code for a token/,
  );
  const form = (await open(colleague, path)).forms.find(({ action }) => action === path)?.fields ?? {};
  await colleague.post(`${path}/${name}`, { ...form, act: "exchange" });
  await visitor.post(`/portal/apps/${second}/try/${name}`, act);
  for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }] as Record<
    string,
    string
  >[])
    for (const target of [path, `${path}/${name}`])
      assert.equal(requirePage(await visitor.post(target, act, headers)).status, 403);
  assert.equal(requirePage(await visitor.post(`${path}/${name}`, { ...act, form_token: "x" })).status, 403);
  for (const nonsense of ["", "exchange ", "constructor", "api", "revoke", "introspect"])
    requirePage(await visitor.post(`${path}/${name}`, { ...act, act: nonsense }));
  for (const place of ["US.x", "EU.0", "US", "__proto__.a", `US.${"0".repeat(24)}`])
    assert.match((await open(visitor, `${path}/${place}`)).url, /\/try$/);
  assert.deepEqual(await house.deps.regions.require("US").store.trials.find(name.slice(3), house.deps.now()), before);
  assert.ok(clientId);
});

test("two clicks at once exchange a code once", async () => {
  const { house, begin, visitor } = await openTrial();
  const page = await begin();
  const form = page.forms.find(({ buttons }) => buttons.some(({ value }) => value === "exchange"));
  assert.ok(form);
  await Promise.all([1, 2, 3].map(() => visitor.post(form.action, { ...form.fields, act: "exchange" })));
  const after = await open(visitor, form.action);
  assert.equal(after.html.match(/id="asked-\d+"/g)?.length, 1);
  const used = requirePage(await visitor.post(form.action, { ...form.fields, act: "userinfo" }));
  assert.match(used.html, /HTTP 200[\s\S]*HTTP 200/);
  assert.ok(house);
});

test("neither code nor token nor secret of a try is stored or logged as it is", async () => {
  const { house, begin, act, visitor } = await openTrial();
  const page = await act(await begin(), "exchange");
  const shown = await open(visitor, `${new URL(page.url).pathname}?show=values`);
  const code = /code=([0-9a-f-]{36}-US)/.exec(shown.html)?.[1] ?? "";
  const token = /tkn\.v1_[\w+/=]+/.exec(shown.html)?.[0] ?? "";
  const email = /ada\.\d+@sandbox\.test/.exec(shown.html)?.[0] ?? "";
  const row = await house.deps.regions.require("US").store.trials.find(
    page.url
      .split("/")
      .at(-1)
      ?.replace(/^US\.|#.*$/g, "") ?? "",
    house.deps.now(),
  );
  assert.ok(row && code && token && email);
  for (const secret of [code, token, "lks_try_", email]) {
    assert.ok(!row.sealed.includes(secret));
    assert.ok(!house.logLines.join("").includes(secret));
  }
});

test("a viewer tries nothing", async () => {
  const { path, another } = await openTrial();
  const { visitor } = await another("viewer");
  assert.equal(requirePage(await visitor.go(path)).status, 403);
});

test("a test user, whose password a team shares, opens no portal and changes no password", async () => {
  const { house, visitor, begin, path } = await openTrial();
  const front = requirePage(await visitor.go(path));
  const [, email = ""] = /<code>(ada[^<]+)</.exec(front.html) ?? [];
  const [, password = ""] = /password <code>([^<]+)</.exec(front.html) ?? [];
  const ada = new Visitor(house);
  const refused = requirePage(await signIn(ada, "/portal", { email, password }));
  assert.equal(refused.status, 403);
  assert.match(refused.html, /is a test user of a team’s sandbox/);
  for (const page of ["/portal/new-team", "/operator", path])
    assert.equal(requirePage(await ada.go(page)).status, 403, page);
  assert.match(requirePage(await ada.go("/portal/login?as=another")).title, /Choose an account/);

  const form = requirePage(await ada.go("/account/password"));
  const answer = requirePage(await ada.submit(form, { current: password, password: "violet kettle on the moor" }));
  assert.equal(answer.status, 422);
  assert.match(answer.html, /A test user keeps its password/);
  assert.match((await begin()).html, /Exchange the code/, "the team goes on with it");
});
