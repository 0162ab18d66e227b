import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { SMTPServer } from "smtp-server";

/** What the server was told and given. */
export interface ReceivedMail {
  from: string;
  recipients: string[];
  /** Header lines (unfolded) and body, as they came. */
  headers: string[];
  body: string;
  tls: boolean;
}

export interface MailServerOptions {
  /** Offers STARTTLS, with a certificate nobody signed. */
  startTls?: boolean;
  /** Refuses a recipient. */
  refuses?: (address: string) => boolean;
}

/** A real SMTP server on loopback, for as long as the test runs. */
export async function openMailServer(t: TestContext, { startTls = false, refuses }: MailServerOptions = {}) {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: startTls ? ["AUTH"] : ["AUTH", "STARTTLS"],
    closeTimeout: 100, // for clients that are still there when the test is over
    disableReverseLookup: true,
    logger: false,
    onRcptTo({ address }, _session, done) {
      done(refuses?.(address) ? Object.assign(new Error(`<${address}> unknown`), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const end = text.indexOf("\r\n\r\n");
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : "",
          recipients: rcptTo.map(({ address }) => address),
          headers: text
            .slice(0, end)
            .replace(/\r\n[ \t]+/g, " ")
            .split("\r\n"),
          body: text.slice(end + 4),
          tls: session.secure,
        });
        done();
      });
    },
  });
  server.on("error", () => {}); // a client that breaks off is what some tests are about
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { received, url: `smtp://127.0.0.1:${port}` };
}
