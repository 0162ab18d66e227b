import assert from "node:assert/strict";
import { test } from "node:test";
import { openRegion, temporaryDirectory } from "../../../test/support/region.ts";
import { createLog } from "../../log.ts";
import { deriveKeys } from "../../secrets.ts";
import { createRegions } from "../regions/regions.ts";
import { type Letter, type Letters, sealLetter } from "./letters.ts";
import { outboxTransport } from "./outbox.ts";
import { createPostman, type Mail, type Transport } from "./postman.ts";

const keys = deriveKeys(Buffer.alloc(32, 1));
const letters: Letters = {
  invitation: ({ href }) => ({ subject: "invitation", text: href, html: href }),
  teamInvitation: ({ href }) => ({ subject: "", text: href, html: "" }),
  passwordReset: ({ href }) => ({ subject: "reset", text: href, html: href }),
  passwordChanged: ({ forgotHref }) => ({ subject: "changed", text: forgotHref, html: forgotHref }),
  reviewAsked: ({ href }) => ({ subject: "asked", text: href, html: href }),
  appReviewed: ({ href }) => ({ subject: "reviewed", text: href, html: href }),
  newGrant: ({ appsHref }) => ({ subject: "grant", text: appsHref, html: appsHref }),
  signUpCode: ({ code }) => ({ subject: code, text: code, html: code }),
  accountExists: ({ signInHref }) => ({ subject: "account", text: signInHref, html: signInHref }),
};
const reset = (to: string): Letter => ({
  template: "passwordReset",
  to,
  props: { href: "https://x.test", minutes: 30 },
});

type Opened = Awaited<ReturnType<typeof openRegion>>;

/** What the log says goes to `lines`. */
function hire(opened: readonly Opened[], transport: Transport, lines: string[] = []) {
  const log = createLog({ write: (line) => void lines.push(line) });
  return createPostman({ regions: createRegions(opened.map(({ region }) => region)), keys, log }, transport, letters);
}

async function post({ region, db }: Opened, letter: Letter, sealedWith = keys): Promise<string> {
  const { mailId, sealedMessage } = sealLetter(sealedWith, letter);
  await db.batch([region.store.mails.enqueueing(mailId, sealedMessage, region.now())]);
  return mailId;
}

/** Keeps what was sent, unless it fails as told. */
function recorder(fails: () => Error | undefined = () => undefined) {
  const sent: Mail[] = [];
  const transport: Transport = {
    async send(mail) {
      const failure = fails();
      if (failure) throw failure;
      sent.push(mail);
    },
    close() {},
  };
  return { sent, transport };
}

const waiting = async ({ db }: Opened) => (await db.read("SELECT mail_id FROM mail", [])).length;

test("what is due in every region is sent once and gone, however many servers send", async (t) => {
  const [us, eu] = [await openRegion(t, "US"), await openRegion(t, "EU")];
  for (let i = 0; i < 10; i++) await post(us, reset(`us${i}@acme.test`));
  await post(eu, reset("eu@acme.test"));
  const { sent, transport } = recorder();
  const servers = [1, 2, 3].map(() => hire([us, eu], transport));

  await Promise.all(servers.map((postman) => postman.round()));

  assert.equal(sent.length, 11);
  assert.equal(new Set(sent.map(({ mailId }) => mailId)).size, 11);
  assert.deepEqual(
    sent.filter(({ region }) => region === "EU").map(({ to }) => to),
    ["eu@acme.test"],
  );
  assert.deepEqual([await waiting(us), await waiting(eu)], [0, 0]);
});

test("a mail queued by a server that died is sent by the next", async (t) => {
  const us = await openRegion(t);
  const directory = temporaryDirectory(t);
  await post(us, reset("dana@acme.test"));

  await hire([us], outboxTransport(directory)).round();

  const [mail] = await outboxTransport(directory).list();
  assert.equal(mail?.to, "dana@acme.test");
});

test("a mail that cannot be sent is tried again later, and given up at last without its address in the log", async (t) => {
  const us = await openRegion(t);
  await post(us, reset("dana@acme.test"));
  const lines: string[] = [];
  let tries = 0;
  const { transport } = recorder(() => {
    tries++;
    return Object.assign(new Error("550 <dana@acme.test> unknown"), { code: "EENVELOPE", responseCode: 550 });
  });
  const postman = hire([us], transport, lines);

  await postman.round();
  await postman.round();
  assert.equal(tries, 1, "not at once");
  for (let i = 0; i < 15; i++) {
    us.passSeconds(3_600);
    await postman.round();
  }

  assert.equal(tries, 12);
  assert.equal(await waiting(us), 0);
  const [entry] = await us.region.store.audit.page({ at: 0, auditId: "" }, 10);
  assert.equal(entry?.action, "mail.given_up");
  assert.deepEqual(entry?.detail, { reason: "EENVELOPE 550" });
  assert.match(lines.join(""), /given up/);
  assert.doesNotMatch(lines.join("") + JSON.stringify(entry), /dana/);
});

test("a mail sealed with another base key is given up", async (t) => {
  const us = await openRegion(t);
  await post(us, reset("dana@acme.test"), deriveKeys(Buffer.alloc(32, 2)));
  const { sent, transport } = recorder();

  await hire([us], transport).round();

  assert.deepEqual([sent.length, await waiting(us)], [0, 0]);
});

test("a sealed letter put into another row is not sent", async (t) => {
  const us = await openRegion(t);
  const { sealedMessage } = sealLetter(keys, reset("dana@acme.test"));
  await us.db.batch([us.region.store.mails.enqueueing("another", sealedMessage, us.region.now())]);
  const { sent, transport } = recorder();

  await hire([us], transport).round();

  assert.deepEqual([sent.length, await waiting(us)], [0, 0]);
});

test("a letter to nobody is taken from the queue and not sent", async (t) => {
  const us = await openRegion(t);
  await post(us, { template: "toNobody", to: "", props: { href: "https://x.test", minutes: 30 } });
  const { sent, transport } = recorder();

  await hire([us], transport).round();

  assert.deepEqual([sent.length, await waiting(us)], [0, 0]);
});

test("a lost region does not keep the others' mails", async (t) => {
  const [us, eu] = [await openRegion(t, "US"), await openRegion(t, "EU")];
  await post(eu, reset("eu@acme.test"));
  await us.db.close();
  const { sent, transport } = recorder();

  await hire([us, eu], transport).round();

  assert.equal(sent.length, 1);
});

test("a woken postman sends without waiting for a round", async (t) => {
  const us = await openRegion(t);
  const { promise, resolve } = Promise.withResolvers<Mail>();
  const postman = hire([us], { send: async (mail) => resolve(mail), close() {} });
  await post(us, reset("dana@acme.test"));

  postman.wake("US");

  assert.equal((await promise).to, "dana@acme.test");
  await postman.stop();
  assert.equal(await waiting(us), 0);
});

test("a mail queued while the postman is at work is not left for the next round", async (t) => {
  const us = await openRegion(t);
  const sent: string[] = [];
  const postman = hire([us], {
    async send({ to }) {
      sent.push(to);
      if (to !== "first@acme.test") return;
      await post(us, reset("second@acme.test"));
      postman.wake("US");
    },
    close() {},
  });
  await post(us, reset("first@acme.test"));

  await postman.round();

  assert.deepEqual(sent, ["first@acme.test", "second@acme.test"]);
});

test("stopping waits for the mail under way and starts no other", async (t) => {
  const us = await openRegion(t);
  const begun = Promise.withResolvers<void>();
  const finish = Promise.withResolvers<void>();
  let closed = false;
  const postman = hire([us], {
    async send() {
      begun.resolve();
      await finish.promise;
      assert.equal(closed, false);
    },
    close() {
      closed = true;
    },
  });
  await post(us, reset("dana@acme.test"));
  postman.start();
  await begun.promise;

  const stopped = postman.stop();
  await post(us, reset("late@acme.test"));
  postman.wake("US");
  finish.resolve();
  await stopped;

  assert.equal(closed, true);
  assert.equal(await waiting(us), 1, "the late one stays for the next start");
});
