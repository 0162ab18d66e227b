import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type MailServerOptions, openMailServer } from "../../../test/support/mail-server.ts";
import type { Mail } from "./postman.ts";
import { smtpTransport } from "./smtp.ts";

const MAIL: Mail = {
  mailId: "8f0e1d4c-0000-4000-8000-000000000001",
  to: "dana@acme.test",
  region: "US",
  at: 1_800_000_000,
  subject: "Grüße",
  text: "Open https://login.test/login/link/US.abc\n",
  html: "<p>Open <a href='https://login.test/login/link/US.abc'>the link</a></p>",
};

async function open(t: TestContext, query = "", options: MailServerOptions = {}) {
  const server = await openMailServer(t, options);
  const transport = smtpTransport(`${server.url}/${query}`, "Latchkey <login@login.test>");
  t.after(() => transport.close());
  return { ...server, transport };
}

test("a mail arrives with both of its forms, under an id of its own, and asks for no automatic answer", async (t) => {
  const { transport, received } = await open(t);

  await transport.send(MAIL);

  const [mail] = received;
  assert.ok(mail);
  assert.deepEqual([mail.from, mail.recipients], ["login@login.test", ["dana@acme.test"]]);
  assert.ok(mail.headers.includes("From: Latchkey <login@login.test>"));
  assert.ok(mail.headers.includes("To: dana@acme.test"));
  assert.ok(mail.headers.includes(`Message-ID: <${MAIL.mailId}@login.test>`));
  assert.ok(mail.headers.includes("Auto-Submitted: auto-generated"));
  assert.match(mail.body, /Content-Type: text\/plain/);
  assert.match(mail.body, /Content-Type: text\/html/);
});

test("what a mail server refuses is an error that names no address outside its message", async (t) => {
  const { transport, received } = await open(t, "", { refuses: () => true });

  await assert.rejects(transport.send(MAIL), (error: Error & { code?: string; responseCode?: number }) => {
    assert.deepEqual([error.code, error.responseCode], ["EENVELOPE", 550]);
    return true;
  });
  assert.equal(received.length, 0);
});

test("with requireTLS nothing is sent in the clear", async (t) => {
  const { transport, received } = await open(t, "?requireTLS=true");

  await assert.rejects(transport.send(MAIL));
  assert.equal(received.length, 0);
});

test("a certificate nobody signed is not believed", async (t) => {
  const { transport, received } = await open(t, "", { startTls: true });

  await assert.rejects(transport.send(MAIL));
  assert.equal(received.length, 0);
});

test("TLS is used where the server offers it", async (t) => {
  const { transport, received } = await open(t, "?tls.rejectUnauthorized=false", { startTls: true });

  await transport.send(MAIL);

  assert.equal(received[0]?.tls, true);
});

test("a mail server that is away is an error, not a hang", async (t) => {
  const { url } = await openMailServer(t);
  const closed = new URL(url);
  closed.port = "1";
  const transport = smtpTransport(closed.href, "login@login.test");
  t.after(() => transport.close());

  await assert.rejects(transport.send(MAIL), { code: "ESOCKET" });
});
