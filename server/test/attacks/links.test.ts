import assert from "node:assert/strict";
import { test } from "node:test";
import { hashSecret } from "../../src/secrets.ts";
import type { Statement } from "../../src/store/database.ts";
import { createFormFiller } from "../support/form-filler.ts";
import { type House, type HouseOptions, openHouse } from "../support/house.ts";
import { linkIn, openMailbox } from "../support/mailbox.ts";
import { worldOf } from "../support/world.ts";

const EMAIL = "dana@acme.test";
const OLD = "seven tidy giraffes";
const NEW = "eight muddy zebras";

async function openWithDana(options: HouseOptions = {}) {
  const house = await openHouse(options);
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation("EU"), { email: EMAIL, password: OLD });
  const visitor = createFormFiller(house);
  const mailbox = openMailbox(house);
  const ask = async (email = EMAIL, from = visitor) =>
    from.submit(await from.open("/login/forgot-password"), { email });
  const askForLink = async () => {
    await ask();
    return linkIn(await mailbox.newest(EMAIL));
  };
  const passwordIs = async (password: string) => {
    const account = await house.deps.regions.require("EU").store.accounts.findByEmailKey(EMAIL);
    return house.deps.passwords.verify(account?.passwordHash ?? null, password);
  };
  return { house, visitor, mailbox, ask, askForLink, passwordIs };
}

/** Every SQL text that reaches the directory or a region while `work` runs, but for the rounds of the postman and of the apps' registry. */
async function statementsOf(house: House, work: () => Promise<unknown>): Promise<string[]> {
  const heard: string[] = [];
  const restores = [house.deps.directory, ...house.deps.regions.all.map(({ store }) => store)].map(({ db }) => {
    const { read, batch } = db;
    db.read = (sql, params) => {
      heard.push(sql);
      return read.call(db, sql, params) as Promise<never[]>;
    };
    db.batch = (statements: readonly Statement[]) => {
      heard.push(...statements.map(([sql]) => sql));
      return batch.call(db, statements);
    };
    return () => Object.assign(db, { read, batch });
  });
  await work();
  for (const restore of restores) restore();
  return heard.filter((sql) => !/^(SELECT (mail_id|(n\.)?seq)|UPDATE mail|DELETE FROM mail)/.test(sql));
}

test("whether an e-mail has an account shows neither in the page nor in what is read and written", async () => {
  const { house, visitor, mailbox } = await openWithDana();
  const form = await visitor.open("/login/forgot-password");
  const answers = [];
  for (const email of [EMAIL, "nobody@acme.test", "somebody.else@globex.test"]) {
    const before = visitor.cookies.size;
    let page = { status: 0, html: "", headers: new Headers() };
    const statements = await statementsOf(house, async () => {
      page = await visitor.submit(form, { email });
    });
    const headers = [...page.headers].filter(([name]) => name !== "x-request-id");
    answers.push({ ...page, headers, html: page.html.replaceAll(email, "…"), statements, cookies: before });
  }

  const [known, ...unknown] = answers.map((answer) =>
    JSON.stringify([answer.status, answer.html, answer.headers, answer.statements]),
  );
  for (const answer of unknown) assert.equal(answer, known);
  assert.ok((answers[0]?.statements.length ?? 0) >= 6, answers[0]?.statements.join("\n"));
  assert.deepEqual(
    (await mailbox.settled()).map(({ to }) => to),
    [EMAIL],
  );
});

test("the limit of an account shows no more of it than that of an unknown e-mail", async () => {
  const { house, visitor } = await openWithDana();
  const form = await visitor.open("/login/forgot-password");
  const beyond = async (email: string) => {
    for (let i = 0; i < 3; i++) await visitor.submit(form, { email });
    return statementsOf(house, () => visitor.submit(form, { email }));
  };

  assert.deepEqual(await beyond(EMAIL), await beyond("nobody@acme.test"));
});

test("opening a link changes nothing and names nobody, however often and with whatever method", async () => {
  const { house, visitor, askForLink, passwordIs } = await openWithDana();
  const link = await askForLink();

  for (let i = 0; i < 3; i++) {
    const page = await createFormFiller(house).open(link);
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.html, /dana|acme/i);
    assert.equal(page.headers.get("referrer-policy"), "same-origin");
    assert.equal(page.headers.get("cache-control"), "no-store");
  }
  assert.equal((await house.fetch(link, { method: "HEAD" })).status, 200);
  await visitor.submit(await visitor.open(link)); // the form is shown, and left

  const saved = await visitor.submit(await visitor.submit(await visitor.open(link)), { password: NEW });
  assert.match(saved.html, /saved/);
  assert.equal(await passwordIs(NEW), true);
});

test("a link sets one password, however many save at once", async () => {
  const { house, askForLink, passwordIs } = await openWithDana();
  const link = await askForLink();
  const tries = await Promise.all(
    Array.from({ length: 6 }, async (_, number) => {
      const visitor = createFormFiller(house);
      const form = await visitor.submit(await visitor.open(link));
      return { visitor, form, password: `${NEW} number ${number}` };
    }),
  );

  const pages = await Promise.all(tries.map(({ visitor, form, password }) => visitor.submit(form, { password })));

  const winners = pages.flatMap(({ status }, number) => (status === 200 ? [number] : []));
  assert.equal(winners.length, 1);
  assert.deepEqual(new Set(pages.map(({ status }) => status)), new Set([200, 410]));
  assert.equal(await passwordIs(`${NEW} number ${winners[0]}`), true);
});

test("a used, late, unknown, misrouted or broken link is one and the same dead page", async () => {
  const { house, visitor, askForLink, ask, mailbox } = await openWithDana();
  const used = await askForLink();
  await visitor.submit(await visitor.submit(await visitor.open(used)), { password: NEW });
  await ask();
  const late = linkIn(
    (await mailbox.settled()).find(({ subject }) => /Choose/.test(subject)) ?? (await mailbox.newest(EMAIL)),
  );
  house.passSeconds(30 * 60);
  const dead = [
    used,
    late,
    `/login/link/EU.${"A".repeat(43)}`,
    late.replace("EU.", "US."),
    late.replace("EU.", "XX."),
    `${late}x`,
    late.slice(0, -1),
    "/login/link/EU.",
    "/login/link/x",
    `/login/link/__proto__.${"A".repeat(43)}`,
    `/login/link/${"%41".repeat(500)}`,
  ];

  const pages = await Promise.all(dead.map((path) => createFormFiller(house).open(path)));

  assert.deepEqual(new Set(pages.map(({ status }) => status)), new Set([410]));
  assert.equal(new Set(pages.map(({ html }) => html)).size, 1);
});

test("another site cannot spend a link or ask for one", async () => {
  const { house, visitor, askForLink, passwordIs, mailbox } = await openWithDana();
  const link = await askForLink();
  const confirm = await visitor.open(link);
  const choose = await visitor.submit(confirm);
  const forgot = await visitor.open("/login/forgot-password");
  const mails = (await mailbox.settled()).length;

  for (const page of [confirm, choose, forgot]) {
    const typed = { password: NEW, email: EMAIL };
    const foreign = await visitor.submit(page, typed, { origin: "https://evil.test", "sec-fetch-site": "cross-site" });
    assert.equal(foreign.status, 403);
    assert.equal((await visitor.submit(page, typed, { origin: "null" })).status, 403);
    assert.equal((await visitor.submit(page, { ...typed, form_token: "x" })).status, 403);
    assert.equal((await createFormFiller(house).submit(page, typed)).status, 403, "another browser");
  }
  assert.equal(await passwordIs(OLD), true);
  assert.equal((await mailbox.settled()).length, mails);
});

test("a link's secret and the e-mail are in no log, and the secret in no row", async () => {
  const { house, visitor, askForLink } = await openWithDana();
  const link = await askForLink();
  const secret = link.slice(-43);
  await visitor.submit(await visitor.submit(await visitor.open(link)), { password: NEW });

  const log = house.logLines.join("");
  assert.match(log, /\/login\/link\/:link/);
  for (const secretText of [secret, EMAIL, NEW]) assert.ok(!log.includes(secretText), secretText);
  for (const { store } of house.deps.regions.all)
    for (const table of ["link", "mail", "audit", "budget"])
      assert.ok(!JSON.stringify(await store.db.read(`SELECT * FROM ${table}`, [])).includes(secret), table);
});

test("queued mails are sealed: the database tells neither link nor address", async () => {
  // A mail server that is away, so that mails stay in the queue.
  const settings = { LATCHKEY_SMTP_URL: "smtp://127.0.0.1:1", LATCHKEY_MAIL_FROM: "login@login.test" };
  const house = await openHouse({ settings });
  const { addInstallation, addUser } = worldOf(house);
  await addUser(await addInstallation("EU"), { email: EMAIL, password: undefined });

  const rows = JSON.stringify(await house.deps.regions.require("EU").store.db.read("SELECT * FROM mail", []));

  assert.match(rows, /sealed_message/);
  assert.doesNotMatch(rows, /dana|login\/link/);
});

test("a reset that somebody else asked for leads to no app of theirs", async () => {
  const { house, visitor, mailbox } = await openWithDana();
  const { keys, now } = house.deps;
  const sealed = (browser = "") =>
    keys.seal("login-request", { request: {}, browser: hashSecret(browser), startedAt: now() });
  const mallory = createFormFiller(house);
  await mallory.open("/login/forgot-password");
  const request = sealed(mallory.cookies.get("latchkey-browser"));
  const forgot = await mallory.open(`/login/forgot-password?request=${request}`);
  await mallory.submit(forgot, { email: EMAIL });
  const link = linkIn(await mailbox.newest(EMAIL));
  assert.ok(link.endsWith(`?request=${request}`));

  const saved = await visitor.submit(await visitor.submit(await visitor.open(link)), { password: NEW });
  assert.match(saved.html, /saved/);
  assert.doesNotMatch(saved.html, /continue/);

  await visitor.open("/login/forgot-password");
  const own = sealed(visitor.cookies.get("latchkey-browser"));
  const ownForgot = await visitor.open(`/login/forgot-password?request=${own}`);
  await visitor.submit(ownForgot, { email: EMAIL });
  const choose = await visitor.submit(await visitor.open(linkIn(await mailbox.newest(EMAIL))));
  const ownSaved = await visitor.submit(choose, { password: `${NEW} too` });
  assert.ok(ownSaved.html.includes(`/login/continue?request=${own}`));
});

test("nothing typed into these forms is an error of ours", async () => {
  const { house, visitor, askForLink, passwordIs } = await openWithDana();
  const link = await askForLink();
  const choose = await visitor.submit(await visitor.open(link));
  const forgot = await visitor.open("/login/forgot-password");
  const wild = ["", " ", "\u{1f511}".repeat(2_000), "a".repeat(60_000), "<b>bold</b>", "' OR 1=1"];

  for (const text of wild) {
    const statuses = [
      (await visitor.submit(choose, { password: text, request: text })).status,
      (await visitor.submit(forgot, { email: text, request: text })).status,
      (await visitor.open(`/login/password-saved?request=${encodeURIComponent(text.slice(0, 5_000))}`)).status,
      (await visitor.open(`/login/forgot-password/sent?to=${encodeURIComponent(text.slice(0, 5_000))}`)).status,
    ];
    assert.ok(
      statuses.every((status) => status < 500),
      `${text.slice(0, 20)}: ${statuses}`,
    );
  }
  for (const body of ["password=a&password=b", "%ff", "form_token", "\0"]) {
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: house.config.url };
    const answer = await house.fetch(`${link.split("?")[0]}/password`, { method: "POST", headers, body });
    assert.ok(answer.status >= 400 && answer.status < 500, `${body}: ${answer.status}`);
  }
  assert.equal(await passwordIs(OLD), true);
});
