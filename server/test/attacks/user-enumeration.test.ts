import assert from "node:assert/strict";
import { test } from "node:test";
import type { House } from "../support/house.ts";
import { isOfAJob } from "../support/jobs.ts";
import { databasesOf } from "../support/rows.ts";
import { loginPath, openScene } from "../support/scene.ts";
import { requirePage, Visitor } from "../support/visitor.ts";

const scene = await openScene();
const { house, world, app, user } = scene;

/** Every statement of a sign-in, with the region's name left out, in which databases, and how often a password is hashed. */
function watch(house: House) {
  const { deps } = house;
  const seen: string[] = [];
  const places = new Set<string>();
  const note = (database: string, sql: string) => {
    if (isOfAJob(sql) || /\b(?:change|mail|link)\b/.test(sql)) return;
    places.add(database);
    seen.push(`${database === "directory" ? database : "region"}: ${sql}`);
  };
  for (const [name, db] of databasesOf(house)) {
    const { read, batch } = db;
    db.read = (sql, params) => {
      note(name, sql);
      return read.call(db, sql, params) as ReturnType<typeof db.read<never>>;
    };
    db.batch = (statements) => {
      for (const [sql] of statements) note(name, sql);
      return batch.call(db, statements);
    };
  }
  const { passwords } = deps;
  deps.passwords = {
    ...passwords,
    verify(stored, password) {
      seen.push("verify");
      return passwords.verify(stored, password);
    },
  };
  return { since: () => seen.splice(0), places };
}

const watched = watch(house);

/** One try, with everything about it that a stranger could compare. */
async function attempt(email: string, password: string) {
  const visitor = new Visitor(house);
  const page = requirePage(await visitor.go(loginPath(app)));
  const cookies = [...visitor.cookies.keys()];
  watched.since();
  const answer = requirePage(await visitor.submit(page, { email, password }));
  const statements = watched.since().sort();
  const html = answer.html
    .replace(/required value="[^"]*"/, "required EMAIL")
    .replace(/(name="request" value=|request=)"?[\w-]+/g, "REQUEST");
  const headers = Object.fromEntries(answer.headers);
  delete headers["x-request-id"];
  return { status: answer.status, html, headers, statements, before: cookies, after: [...visitor.cookies.keys()] };
}

test("unknown, wrong, of another region, invited, disabled: one answer, at one price", async () => {
  const european = await world.addUser(await world.addInstallation("EU"));
  const invited = await world.addUser(user.installation, { password: undefined });
  const disabled = await world.addUser(user.installation);
  const path = `/regions/US/installations/${user.installation.id}/users/${disabled.id}`;
  await house.admin("PATCH", path, { disabled: true });

  const wrong = await attempt(user.email, "wrong");
  assert.equal(wrong.status, 422);
  assert.ok(wrong.statements.includes("verify"));
  assert.deepEqual(wrong.before, wrong.after, "no cookie tells");
  for (const email of [
    european.email,
    invited.email,
    disabled.email,
    "nobody1@example.com",
    "nobody2@example.com",
    "nobody3@example.com",
    "no e-mail at all",
    `${"x".repeat(400)}@example.com`,
    "ünïcode@exämple.com",
    "'; DROP TABLE account; --@example.com",
  ])
    assert.deepEqual(await attempt(email, "wrong"), wrong, email);
});

test("a password of any kind tells no more", async () => {
  const wrong = await attempt(user.email, "wrong");
  for (const email of [user.email, "nobody@example.com"])
    for (const password of ["x".repeat(1_024), "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA", " "])
      assert.deepEqual(await attempt(email, password), wrong, `${email} ${password.slice(0, 20)}`);
});

test("a block tells nothing either: an unknown e-mail is blocked just so", async () => {
  const { keys, regions } = house.deps;
  const block = async (email: string) => {
    for (const { store, now } of regions.all)
      for (let count = 0; count < 20; count++)
        await store.budgets.count(`account:${keys.hmac("email-budget", email)}`, now(), 3_600);
  };
  const known = await world.addUser(user.installation);
  await block(known.email);
  await block("ghost@example.com");

  const blocked = await attempt(known.email, "wrong");

  assert.equal(blocked.status, 429);
  assert.deepEqual(await attempt("ghost@example.com", "wrong"), blocked);
  assert.deepEqual(await attempt(known.email, known.password), blocked, "nor whether the password is right");
});

test("an unknown e-mail has one region for good, and unknown e-mails are spread over all", async () => {
  const regionOf = async (email: string) => {
    watched.places.clear();
    await attempt(email, "wrong");
    watched.places.delete("directory");
    return [...watched.places].join();
  };
  const emails = Array.from({ length: 16 }, (_, number) => `ghost${number}@example.com`);
  const regions: string[] = [];
  for (const email of emails) regions.push(await regionOf(email));

  assert.deepEqual(new Set(regions), new Set(["US", "EU"]));
  for (const index of [0, 1, 2]) assert.equal(await regionOf(emails[index] ?? ""), regions[index]);
});

test("what a login hint names is not looked up", async () => {
  const open = async (login_hint: string) => {
    watched.since();
    const page = requirePage(await new Visitor(house).go(loginPath(app, { login_hint })));
    return { statements: watched.since(), status: page.status };
  };
  assert.deepEqual(await open(user.email), await open("nobody@example.com"));
});
