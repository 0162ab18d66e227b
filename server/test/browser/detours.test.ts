import assert from "node:assert/strict";
import { after, before, type TestContext, test } from "node:test";
import type { Browser } from "playwright-core";
import { openAppServer } from "../support/app-server.ts";
import { openBrowser } from "../support/browser.ts";
import { openHouse } from "../support/house.ts";
import { heading, openPerson, press, signIn } from "../support/person.ts";
import { worldOf } from "../support/world.ts";

// What people do besides going straight through.

let browser: Browser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser?.close());

async function openWorld(t: TestContext, more: Record<string, unknown> = {}) {
  const house = await openHouse({ listening: true });
  const world = worldOf(house);
  const user = await world.addUser(await world.addInstallation());
  return {
    house,
    world,
    user,
    server: await openAppServer(t, house, more),
    person: await openPerson(t, browser, house),
  };
}

test("who says no is brought back to the app, which is told so", async (t) => {
  const { server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await signIn(page, user);

  await press(page, "Don’t allow");

  await heading(page, "Refused: access_denied");
  assert.deepEqual(server.grants, []);
});

test("who cancels before signing in is brought back to the app, although the fields are empty", async (t) => {
  const { server, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);

  await press(page, "Cancel");

  await heading(page, "Refused: access_denied");
});

test("a wrong password is said once, in words, with the e-mail kept and the password gone", async (t) => {
  const { server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await page.getByLabel("Stay signed in").check();

  await signIn(page, { email: user.email, password: "not the right one" });

  await page.getByText("E-mail and password do not belong together.").waitFor();
  assert.match(await page.title(), /^Error: /);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("role")), "alert");
  assert.equal(await page.getByLabel("E-mail").inputValue(), user.email);
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
  assert.equal(await page.getByLabel("Stay signed in").isChecked(), true);
  assert.equal((await page.content()).includes("not the right one"), false);
  await signIn(page, user);
  await heading(page, "Allow Example app?");
});

test("a field that the browser let through empty is named, and marked for screen readers", async (t) => {
  const { server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await page
    .locator("form")
    .first()
    .evaluate((form: HTMLFormElement) => {
      form.noValidate = true;
    });

  await signIn(page, { email: user.email, password: "" });

  const field = page.getByLabel("Password", { exact: true });
  await page.getByRole("alert").waitFor();
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  const described = (await field.getAttribute("aria-describedby")) ?? "";
  assert.equal((await page.locator(`#${described}`).textContent())?.trim(), "Enter your password.");
  assert.equal(await page.getByLabel("E-mail").getAttribute("aria-invalid"), null);
  await page.getByRole("alert").getByRole("link").click();
  assert.equal(await field.evaluate((one) => one === document.activeElement), true);
});

test("another account can be used at the consent and at the chooser of accounts", async (t) => {
  const { server, user, world, person } = await openWorld(t);
  const other = await world.addUser(user.installation, { firstName: "Erin" });
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await signIn(page, user);
  await heading(page, "Allow Example app?");

  await press(page, "Not you? Use another account");
  await signIn(page, other);
  await page.getByText(other.email).waitFor();
  await press(page, "Allow");
  await heading(page, /Hello Erin/);

  await page.goto(`${server.origin}/login?prompt=select_account`);
  await heading(page, "Choose an account");
  await press(page, "Use another account");
  await signIn(page, user);
  await press(page, "Allow");
  await heading(page, /Hello Dana/);

  await page.goto(`${server.origin}/login?prompt=select_account`);
  await press(page, new RegExp(user.email.replaceAll(".", "\\.")));
  await heading(page, /Hello Dana/);
  assert.deepEqual(
    server.grants.map((grant) => grant.user.email),
    [other.email, user.email, user.email],
  );
});

test("the Back button never asks to send a form again", async (t) => {
  const { server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(server.origin);
  await press(page, "Log in");
  await signIn(page, { ...user, password: "wrong at first" });
  await page.getByRole("alert").waitFor();
  await signIn(page, user);
  await heading(page, "Allow Example app?");

  // Back to the page of the wrong password, and to the first: whoever is signed in by now goes on from both.
  await page.goBack();
  await heading(page, "Allow Example app?");
  await page.goBack();
  await heading(page, "Allow Example app?");
  await press(page, "Allow");
  await heading(page, "Hello Dana of Acme US");
  await page.goBack();
  await page.waitForURL(server.welcome); // nothing is asked any more: on to the app, which knows this login is over
  await heading(page, "Nobody started this login.");
});

test("a page that says what went wrong can be loaded again without sending the password again", async (t) => {
  const { server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await signIn(page, { ...user, password: "wrong at first" });
  await page.getByRole("alert").waitFor();
  const methods: string[] = [];
  page.on("request", (request) => request.isNavigationRequest() && methods.push(request.method()));

  await page.reload();

  await heading(page, "Sign in");
  assert.equal(await page.getByLabel("E-mail").inputValue(), user.email);
  assert.deepEqual(methods, ["GET"]);
});

test("two quick presses log in once", async (t) => {
  const { server, user, person } = await openWorld(t);
  const { page } = person;
  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(new URL(request.url()).pathname));
  await page.goto(`${server.origin}/login`);
  await page.getByLabel("E-mail").fill(user.email);
  await page.getByLabel("Password", { exact: true }).fill(user.password);

  await page.getByRole("button", { name: "Sign in" }).dblclick();
  await heading(page, "Allow Example app?");
  await page.getByRole("button", { name: "Allow", exact: true }).dblclick();
  await heading(page, "Hello Dana of Acme US");

  assert.deepEqual(posts, ["/login/sign-in", "/login/consent"]);
  assert.equal(server.callbacks.length, 1);
});

test("two tabs can log in side by side, and the second needs no password any more", async (t) => {
  const { server, user, world, person } = await openWorld(t);
  const { page } = person;
  const other = await world.addUser(await world.addInstallation("EU", { name: "Blume" }), { email: user.email });
  const second = await person.newTab();
  await page.goto(`${server.origin}/login?installation=US-${user.installation.id}`);
  await second.goto(`${server.origin}/login?installation=EU-${other.installation.id}`);

  await signIn(page, user);
  await signIn(second, user); // it was open already, and its form must work all the same
  await press(second, "Allow");
  await heading(second, "Hello Dana of Blume");
  await press(page, "Allow");
  await heading(page, "Hello Dana of Acme US");

  assert.deepEqual(
    server.grants.map((grant) => grant.installation.id),
    [other.installation.id, user.installation.id],
  );
});

test("a page that was left open overnight goes on with one press, and knows the e-mail", async (t) => {
  const { house, server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  house.passSeconds(10 * 60 * 60);

  await signIn(page, user);
  await heading(page, "This sign-in expired");
  await press(page, "Start again");

  await heading(page, "Sign in");
  assert.equal(await page.getByLabel("E-mail").inputValue(), user.email);
  assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
  await signIn(page, user);
  await press(page, "Allow");
  await heading(page, "Hello Dana of Acme US");
});

test("a consent that was left open overnight asks for the password again, and then goes on", async (t) => {
  const { house, server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await signIn(page, user);
  await heading(page, "Allow Example app?");
  house.passSeconds(13 * 60 * 60);

  await press(page, "Allow");
  await press(page, "Start again");
  await signIn(page, user);
  await press(page, "Allow");

  await heading(page, "Hello Dana of Acme US");
});

test("who signs out is asked for the password again, also by a page that was still open", async (t) => {
  const { house, server, user, person } = await openWorld(t);
  const { page } = person;
  await page.goto(`${server.origin}/login`);
  await signIn(page, user);
  await heading(page, "Allow Example app?");
  const tab = await person.newTab();
  await tab.goto(house.config.url);
  await tab.getByText(user.email).waitFor();

  await press(tab, "Sign out");
  await heading(tab, "You are signed out");

  await press(page, "Allow");
  await heading(page, "Sign in");
  assert.deepEqual(server.callbacks, []);
  await tab.goto(`${server.origin}/login`);
  await heading(tab, "Sign in");
});
