import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import type { Mail } from "../../src/domain/mail/postman.ts";
import { smtpTransport } from "../../src/domain/mail/smtp.ts";
import { invitationMail } from "../../src/pages/mail/invitation.ts";
import { openMailServer } from "../support/mail-server.ts";

const HREF = "https://login.test/login/link/US.abc";

async function open(t: TestContext) {
  const server = await openMailServer(t);
  const transport = smtpTransport(server.url, "Latchkey <login@login.test>");
  t.after(() => transport.close());
  const send = (to: string, written: Pick<Mail, "subject" | "text" | "html">) =>
    transport.send({ ...written, to, mailId: "8f0e1d4c-0000-4000-8000-000000000001", region: "US", at: 0 });
  return { ...server, send };
}

const nameOf = (header: string) => header.slice(0, header.indexOf(":")).toLowerCase();
const EXPECTED = ["auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"];

test("no name of an installation adds a header, a recipient or a body of its own", async (t) => {
  const { send, received } = await open(t);
  const names = [
    "Acme\r\nBcc: eve@evil.test",
    "Acme\nBcc: eve@evil.test",
    "Acme\r\n\r\n<h1>Body</h1>",
    "Acme\u2028Bcc: eve@evil.test",
    "Acme\u0000Bcc: eve@evil.test",
    "=?utf-8?Q?Acme=0D=0ABcc:_eve@evil.test?=",
    `Acme${" ".repeat(80)}Bcc: eve@evil.test`,
  ];

  for (const installationName of names)
    await send("dana@acme.test", invitationMail({ installationName, href: HREF, days: 7 }));

  assert.equal(received.length, names.length);
  for (const mail of received) {
    assert.deepEqual(mail.recipients, ["dana@acme.test"]);
    assert.deepEqual(mail.headers.map(nameOf).sort(), EXPECTED);
  }
});

test("any subject stays one header", async (t) => {
  const { send, received } = await open(t);

  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 200 }), async (subject) => {
      received.length = 0;
      await send("dana@acme.test", { subject, text: "text", html: "html" });
      assert.deepEqual(
        received[0]?.headers
          .map(nameOf)
          .filter((name) => name !== "subject")
          .sort(),
        EXPECTED.filter((name) => name !== "subject"),
      );
    }),
    { numRuns: 30 },
  );
});

test("no e-mail address reaches more than the one mailbox it is", async (t) => {
  const { send, received } = await open(t);
  const addresses = [
    "dana@acme.test, eve@evil.test",
    "dana@acme.test; eve@evil.test",
    "dana@acme.test\r\nBcc: eve@evil.test",
    "dana@acme.test>\r\nRCPT TO:<eve@evil.test",
    "Group: eve@evil.test, dana@acme.test;",
    '"eve@evil.test" <dana@acme.test>',
    "dana@acme.test (eve@evil.test)",
  ];

  for (const to of addresses) {
    received.length = 0;
    await send(to, { subject: "subject", text: "text", html: "html" }).catch(() => {}); // refused is as good
    for (const mail of received) {
      assert.equal(mail.recipients.length, 1, to);
      assert.ok(!mail.recipients.includes("eve@evil.test"), `${to} -> ${mail.recipients}`);
      assert.ok(!mail.headers.some((header) => nameOf(header) === "bcc"), to);
    }
  }
});
