import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SIGNED_IN_PAGES } from "../../src/http/portal/routes.ts";
import { nameAmong, pairsOf, pathOf, SEED, textOr, WORDS } from "../support/fuzz-values.ts";
import type { Engine } from "../support/house.ts";
import { openOperator } from "../support/operator.ts";
import { open } from "../support/portal-scene.ts";
import type { Page, Visitor } from "../support/visitor.ts";

/** Whoever may use a page may send it anything; the server answers, and is not at fault. */

const NEWCOMERS_PAGES = [
  "/portal/sign-up",
  "/portal/sign-up/code",
  "/portal/sign-up/resend",
  "/portal/sign-up/account",
  "/portal/join/:invitation",
  "/portal/join/:invitation/account",
].flatMap((path) => ["GET", "POST"].map((method) => ({ method, path })));
const PAGES = [...SIGNED_IN_PAGES, ...NEWCOMERS_PAGES];

/** A developer with a team and an app, an operator, and their pages. */
async function openPages(engine: Engine) {
  const settings = { LATCHKEY_LIMITS: "off", LATCHKEY_SIGN_UP: "developers" };
  const scene = await openOperator({ engine, settings });
  const { house, visitor, developer, operator, operatorUser, teamId } = scene;
  const { clientId } = await scene.registerApp();
  const own = (path: string) => path.replace(":client", clientId).replace(":team", teamId);
  const personOf = (path: string) => (path.startsWith("/operator") ? operator : visitor);

  async function comeBack(person: Visitor): Promise<void> {
    const { email, password } = person === operator ? operatorUser : developer;
    const page = await open(person, "/portal");
    if (page.forms.some((form) => form.open.includes("password"))) await person.submit(page, { email, password });
  }

  /** Sends it, and signs in again whom that has signed out. */
  async function send(method: string, path: string, body: string): Promise<Response> {
    const person = personOf(path);
    const response = await house.fetch(path, {
      method,
      headers: {
        cookie: [...person.cookies].map(([key, value]) => `${key}=${value}`).join("; "),
        origin: new URL(house.config.url).origin,
        "content-type": "application/x-www-form-urlencoded",
      },
      ...(method === "POST" && { body }),
    });
    assert.ok(response.status < 500, `${response.status} ${house.logLines.at(-1)}`);
    const location = response.headers.get("location") ?? "/";
    assert.ok(/^\/(?![/\\])/.test(location) || location.startsWith(`${house.config.url}/`), location);
    if (/^\/(?:portal\/login|logged-out)/.test(location)) await comeBack(person);
    return response;
  }

  const addresses = SIGNED_IN_PAGES.filter(({ method }) => method === "GET")
    .map(({ path }) => own(path))
    .filter((path) => !path.includes(":") && !path.endsWith("/callback"));
  const pages: Page[] = [];
  for (const path of addresses) pages.push(await open(personOf(path), path));
  const text = textOr([...WORDS, clientId, teamId, operatorUser.email, `${operatorUser.id}`]);
  return { visitor, operator, personOf, own, send, addresses, pages, text };
}

const engines = { sqlite: await openPages("sqlite"), postgres: await openPages("postgres") };

for (const [engine, { visitor, operator, personOf, own, send, addresses, pages, text }] of Object.entries(engines)) {
  test(`no page makes the server fail, whatever is sent there (${engine})`, async (t) => {
    t.diagnostic(`LATCHKEY_TEST_SEED=${SEED}`);
    const names = pages.flatMap(({ html }) => [...html.matchAll(/ name="([^"]+)"/g)].map(([, name = ""]) => name));
    assert.ok(names.length > 100, "the pages have fields");
    const newcomers = ["sign_up", "firstName", "lastName", "teamName", "password", "home", "code", "region", "email"];
    const wanted = new Set([...names, ...newcomers, "done", "show"].filter((name) => name !== "form_token"));
    const pairs = pairsOf(nameAmong([...wanted]), text);
    const request = fc
      .constantFrom(...PAGES)
      .chain(({ method, path }) =>
        fc.record({ method: fc.constant(method), path: pathOf(own(path), text), query: pairs, fields: pairs }),
      );
    const tokens = new Map([visitor, operator].map((person) => [person, ""]));
    for (const person of tokens.keys())
      tokens.set(person, (await open(person, "/portal/new-team")).forms[0]?.fields.form_token ?? "");
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, query, fields }) => {
        await send(method, `${path}?${query}`, `${fields}&form_token=${tokens.get(personOf(path))}`);
      }),
      { seed: SEED, numRuns: 1_000 },
    );
  });

  test(`no form makes the server fail, filled in as it may be (${engine})`, async (t) => {
    t.diagnostic(`LATCHKEY_TEST_SEED=${SEED}`);
    let done = 0;
    const any = fc.nat();
    const request = fc.record({
      path: fc.constantFrom(...addresses),
      which: any,
      button: any,
      changes: fc.array(fc.tuple(any, text), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, which, button, changes }) => {
        const { forms } = await open(personOf(path), path);
        const posting = forms.filter(({ method }) => method === "post");
        const form = posting[which % posting.length];
        if (!form) return;
        const fields: Record<string, string> = { ...form.fields };
        const names = [...new Set([...Object.keys(fields), ...form.open])].filter((name) => name !== "form_token");
        for (const [at, value] of changes)
          if (names.length > 0) fields[names[at % names.length] ?? ""] = value.toWellFormed();
        const pressed = form.buttons[button % form.buttons.length];
        if (pressed?.name) fields[pressed.name] = pressed.value;
        const { status } = await send("POST", form.action, new URLSearchParams(fields).toString());
        if (status === 303) done++;
      }),
      { seed: SEED, numRuns: 600 },
    );
    assert.ok(done > 100, `only ${done} of 600 forms did something`);
  });
}
