import assert from "node:assert/strict";
import { test } from "node:test";
import { openRegion } from "../../../test/support/region.ts";

test("a queued mail is due at once, and only one of many who see it gets it", async (t) => {
  const { region, db } = await openRegion(t);
  const { mails } = region.store;
  await db.batch([mails.enqueueing("m1", "sealed", region.now())]);
  const [mail] = await mails.due(region.now(), 10);
  assert.ok(mail);

  const claims = await Promise.all(Array.from({ length: 8 }, () => mails.claim(mail, region.now() + 300)));

  assert.equal(claims.filter(Boolean).length, 1);
  assert.deepEqual(await mails.due(region.now(), 10), []);
});

test("a mail whose holder died is due again when the lease ends", async (t) => {
  const { region, db, passSeconds } = await openRegion(t);
  const { mails } = region.store;
  await db.batch([mails.enqueueing("m1", "sealed", region.now())]);
  const [mail] = await mails.due(region.now(), 10);
  assert.ok(mail && (await mails.claim(mail, region.now() + 300)));

  passSeconds(299);
  assert.deepEqual(await mails.due(region.now(), 10), []);
  passSeconds(1);
  const [again] = await mails.due(region.now(), 10);
  assert.equal(again?.attempts, 1);
});

test("who lost the lease cannot postpone what another holds", async (t) => {
  const { region, db, passSeconds } = await openRegion(t);
  const { mails } = region.store;
  await db.batch([mails.enqueueing("m1", "sealed", region.now())]);
  const [first] = await mails.due(region.now(), 10);
  assert.ok(first && (await mails.claim(first, region.now() + 300)));
  passSeconds(300);
  const [second] = await mails.due(region.now(), 10);
  assert.ok(second && (await mails.claim(second, region.now() + 300)));

  await mails.postpone("m1", 1, region.now());

  assert.deepEqual(await mails.due(region.now(), 10), []);
});

test("a mail given up leaves nothing but an entry in the audit log", async (t) => {
  const { region, db } = await openRegion(t);
  const { mails, audit } = region.store;
  await db.batch([mails.enqueueing("m1", "sealed", region.now())]);

  await mails.giveUp("m1", region.now(), "ECONNREFUSED");

  assert.deepEqual(await mails.due(region.now(), 10), []);
  const [entry] = await audit.page({ at: 0, auditId: "" }, 10);
  assert.deepEqual([entry?.action, entry?.target, entry?.detail], ["mail.given_up", "m1", { reason: "ECONNREFUSED" }]);
});
