import type { Deps } from "../../deps.ts";
import { devOutbox } from "./outbox.ts";
import type { Transport } from "./postman.ts";
import { smtpTransport } from "./smtp.ts";

/** SMTP where a server is set, else the dev outbox. @throws {Error} in production without a mail server. */
export function chooseTransport(deps: Pick<Deps, "config">): Transport {
  const { smtpUrl, mailFrom } = deps.config;
  const transport = smtpUrl === undefined ? devOutbox(deps) : smtpTransport(smtpUrl, mailFrom);
  if (!transport) throw new Error("LATCHKEY_SMTP_URL is required in production.");
  return transport;
}
