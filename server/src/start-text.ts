import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import { DEMO_OPERATOR } from "./domain/demo/cast.ts";
import { demoFile } from "./domain/demo/demo-file.ts";
import type { DemoWorld } from "./domain/demo/demo-world.ts";

/** With more the page would scroll away what stands above; the rest is in the file. */
const LOGINS_SHOWN_MAX = 6;

/** What a developer reads on the console when the server is up. */
export function startText(config: Config, port: number, demo?: DemoWorld): string {
  const url = new URL(config.url).port === "0" ? `http://${config.host}:${port}` : config.url;
  const tokenFile = join(config.dataDirectory, "admin-token");
  const mails = config.smtpUrl === undefined ? `${url}/dev/outbox` : "sent by LATCHKEY_SMTP_URL";
  return `
Latchkey is running.

${columns([
  ["  Login page", `${url}/launchpad/login`],
  ...(demo ? [["  Demo app", `${url}/demo/app`]] : []),
  ["  Portal", `${url}/portal`],
  ["  Operator's pages", `${url}/operator${operatorOf(demo)}`],
  ["  Mails", mails],
  ["  Operator's API", `${url}/admin/v1, its token ${existsSync(tokenFile) ? `in ${tokenFile}` : "as set"}`],
  ["  Regions", config.regions.map(({ name }) => name).join(", ")],
])}
${demo ? demoText(config, demo) : ""}
Stop it with Ctrl-C.
`;
}

/** Who may open them in the demo; anywhere else `npm run operator` says it. */
const operatorOf = (demo: DemoWorld | undefined): string =>
  demo?.users.some(({ email }) => email === DEMO_OPERATOR) ? `, as ${DEMO_OPERATOR}` : "";

function demoText(config: Config, { apps: [app], users, installations }: DemoWorld): string {
  const names = new Map(installations.map(({ installation, name }) => [installation, `${name} (${installation})`]));
  const logins = users.slice(0, LOGINS_SHOWN_MAX).map(({ email, password, installations }) => {
    return [`  ${email}`, password, installations.map((one) => names.get(one) ?? one).join(", ")];
  });
  return `
Demo logins${users.length > LOGINS_SHOWN_MAX ? `, ${LOGINS_SHOWN_MAX} of ${users.length}` : ""}

${columns(logins)}

Demo app

${columns([
  ["  Client id", app.clientId],
  ["  Its secret, and all this", demoFile({ config })],
  ["  A token in your terminal", `sh docs/five-steps.sh ${demoFile({ config })}`],
])}
`;
}

/** Pads each column but the last to its widest cell. */
function columns(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) => row.map((cell, index) => (index < row.length - 1 ? cell.padEnd(width(index) + 2) : cell)).join(""))
    .join("\n");
}
