import type { Transporter } from "nodemailer";
import type { Mail, Transport } from "./postman.ts";

/** Together well below the postman's lease. */
const TIMEOUTS = { connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 60_000, dnsTimeout: 15_000 };

/**
 * Sends by SMTP.
 *
 * @param url  `smtps://user:password@host:465` speaks TLS from the start; `smtp://host:587` changes to TLS when the
 * server offers it, and with `?requireTLS=true` only goes on if it does. What nodemailer calls other options goes in
 * the query too.
 * @param from  `Latchkey <login@example.com>`
 */
export function smtpTransport(url: string, from: string): Transport {
  let transporter: Promise<Transporter> | undefined;

  // Loaded with the first mail. A connection for each: one kept open is half dead when it is needed.
  const open = async () => {
    const { createTransport } = await import("nodemailer");
    return createTransport({ url, ...TIMEOUTS });
  };

  return {
    async send({ mailId, to, subject, text, html }: Mail) {
      transporter ??= open();
      await (await transporter).sendMail({
        from,
        // An object, because a text is read as a list: "a@x.test, b@y.test" would go to both.
        to: { name: "", address: to },
        subject,
        text,
        html,
        messageId: `<${mailId}@${hostOf(from)}>`,
        headers: { "Auto-Submitted": "auto-generated" }, // RFC 3834 §5: nobody's holiday notice answers
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
    close() {
      void transporter?.then((opened) => opened.close());
    },
  };
}

const hostOf = (from: string) => from.match(/@([\w.-]+)/)?.[1] ?? "localhost";
