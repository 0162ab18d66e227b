import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";

/** What a developer reads on the console when the server is up. */
export function startText(config: Config, port: number): string {
  const url = new URL(config.url).port === "0" ? `http://${config.host}:${port}` : config.url;
  const tokenFile = join(config.dataDirectory, "admin-token");
  const mails = config.smtpUrl === undefined ? `${url}/dev/outbox` : "sent by LATCHKEY_SMTP_URL";
  return `
Latchkey is running.

  Login page     ${url}/launchpad/login
  Mails          ${mails}
  Operator's API ${url}/admin/v1, its token ${existsSync(tokenFile) ? `in ${tokenFile}` : "as set"}
  Regions        ${config.regions.map(({ name }) => name).join(", ")}

Stop it with Ctrl-C.
`;
}
