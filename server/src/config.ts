import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { listeningHost, portNumber, publicAddress, trustedProxies } from "./config/addresses.ts";
import { checkDatabasesDiffer, type DatabaseAddress, directoryAddress, regionAddresses } from "./config/databases.ts";
import { generatedSecret } from "./config/generated.ts";
import { openSettings, type Settings, SettingsError } from "./config/settings.ts";

export type { DatabaseAddress } from "./config/databases.ts";
export { SettingsError } from "./config/settings.ts";

/** All settings (docs: wire section 9), read and checked once at start, then frozen. */
export interface Config {
  /** The public address, without a trailing slash; also the `issuer` (RFC 8414). */
  url: string;
  host: string;
  port: number;
  dataDirectory: string;
  directory: DatabaseAddress;
  regions: readonly { name: string; database: DatabaseAddress }[];
  /** Processes that serve. Always 1 with an embedded database, which has one writer. */
  workers: number;
  /** The base key, 32 bytes. Never used itself: secrets.ts derives one key per purpose. */
  secret: Uint8Array;
  adminToken: string;
  /** CIDRs whose `X-Forwarded-*` are believed. */
  trustedProxies: readonly string[];
  limits: boolean;
  plainHttpRedirects: boolean;
  /** Absent outside production: mails then go to the dev outbox. */
  smtpUrl?: string;
  mailFrom: string;
  demo: boolean;
  /** Installations whose users may open the portal (`US-1`); teams' sandboxes always may. */
  portalInstallations: "all" | readonly string[];
  /** Whether anybody may make an account and a team of developers. */
  signUp: "closed" | "developers";
  production: boolean;
  /** What an operator should know and nothing forbids. */
  warnings: readonly string[];
}

/**
 * Reads every setting, once, at start. No other file touches `process.env`.
 *
 * @throws {SettingsError} naming every wrong or missing setting, so that an operator mends them in one go.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const settings = openSettings(env);
  const production = settings.text("NODE_ENV") === "production";
  const dataDirectory = resolve(settings.text("LATCHKEY_DATA") ?? "./data");
  const port = portNumber(settings);
  const directory = directoryAddress(settings, dataDirectory);
  const regions = regionAddresses(settings, dataDirectory);
  checkDatabasesDiffer(settings, directory, regions);
  const embedded = [directory, ...regions.map((region) => region.database)].some(({ engine }) => engine === "sqlite");
  const limits = settings.choice("LATCHKEY_LIMITS", ["on", "off"], "on") === "on";
  if (production && !limits) settings.problems.push("LATCHKEY_LIMITS must not be off in production.");
  const demo = settings.choice("LATCHKEY_DEMO", ["on", "off"], production ? "off" : "on") === "on";
  if (production && demo) settings.problems.push("LATCHKEY_DEMO must not be on in production.");

  const draft = {
    url: publicAddress(settings, port, production),
    host: listeningHost(settings),
    port,
    dataDirectory,
    directory,
    regions,
    workers: workerCount(settings, embedded),
    trustedProxies: trustedProxies(settings),
    limits,
    plainHttpRedirects: settings.choice("LATCHKEY_PLAIN_HTTP_REDIRECTS", ["refuse", "allow"], "refuse") === "allow",
    ...mailSettings(settings, production),
    demo,
    portalInstallations: portalInstallations(settings),
    signUp: settings.choice("LATCHKEY_SIGN_UP", ["closed", "developers"], demo ? "developers" : "closed"),
    production,
  };
  const given = givenSecrets(settings, production);
  settings.warnOfUnknown();
  if (settings.problems.length > 0) throw new SettingsError(settings.problems);
  return Object.freeze({ ...draft, ...completeSecrets(given, dataDirectory), warnings: settings.warnings });
}

/** `LATCHKEY_WORKERS`: an embedded database belongs to one process. */
function workerCount(settings: Settings, embedded: boolean): number {
  const value = settings.text("LATCHKEY_WORKERS") ?? "1";
  const count = value === "auto" ? availableParallelism() : Number(value);
  if (!/^(auto|[1-9]\d{0,2})$/.test(value)) {
    settings.problems.push("LATCHKEY_WORKERS must be auto or a number from 1 to 999.");
    return 1;
  }
  if (!embedded || count === 1) return count;
  settings.warnings.push("LATCHKEY_WORKERS: one process serves, because a database is embedded.");
  return 1;
}

function portalInstallations(settings: Settings): "all" | readonly string[] {
  const value = settings.text("LATCHKEY_PORTAL_INSTALLATIONS") ?? "all";
  if (value === "all") return value;
  const names = value.split(",").map((name) => name.trim());
  if (!names.every((name) => /^[A-Z][A-Z0-9]{1,15}-[1-9]\d{0,9}$/.test(name)))
    settings.problems.push("LATCHKEY_PORTAL_INSTALLATIONS must be all or a list such as US-1,EU-2.");
  return names;
}

function mailSettings(settings: Settings, production: boolean): { smtpUrl?: string; mailFrom: string } {
  const smtpUrl = settings.secret("LATCHKEY_SMTP_URL");
  const mailFrom = settings.text("LATCHKEY_MAIL_FROM");
  if (smtpUrl === undefined) {
    if (production) settings.problems.push("LATCHKEY_SMTP_URL is required in production.");
  } else if (!URL.canParse(smtpUrl) || !/^smtps?:$/.test(new URL(smtpUrl).protocol))
    settings.problems.push("LATCHKEY_SMTP_URL must be an smtp:// or smtps:// address.");
  if (mailFrom === undefined) {
    if (production || smtpUrl !== undefined)
      settings.problems.push("LATCHKEY_MAIL_FROM is required where mails are sent.");
  } else if (!/^([^<>\p{Cc}]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u.test(mailFrom))
    settings.problems.push("LATCHKEY_MAIL_FROM must be an e-mail address, or Name <address>.");
  return { ...(smtpUrl !== undefined && { smtpUrl }), mailFrom: mailFrom ?? "Latchkey <latchkey@localhost>" };
}

interface GivenSecrets {
  secret: string | undefined;
  adminToken: string | undefined;
}

function givenSecrets(settings: Settings, production: boolean): GivenSecrets {
  const secret = settings.secret("LATCHKEY_SECRET");
  const adminToken = settings.secret("LATCHKEY_ADMIN_TOKEN");
  if (secret !== undefined && !isBaseKey(secret))
    settings.problems.push("LATCHKEY_SECRET must be 32 bytes in base64: openssl rand -base64 32");
  if (adminToken !== undefined && !/^[\x21-\x7e]+$/.test(adminToken))
    settings.problems.push("LATCHKEY_ADMIN_TOKEN must be letters, digits and signs without blanks.");
  if (production) {
    if (secret === undefined) settings.problems.push("LATCHKEY_SECRET is required in production.");
    if (adminToken === undefined) settings.problems.push("LATCHKEY_ADMIN_TOKEN is required in production.");
    else if (adminToken.length < ADMIN_TOKEN_LENGTH_MIN)
      settings.problems.push(
        `LATCHKEY_ADMIN_TOKEN must have ${ADMIN_TOKEN_LENGTH_MIN} characters or more in production.`,
      );
  }
  return { secret, adminToken };
}

/** About 80 bits, if it was drawn from letters and digits: nobody guesses that through a network. */
const ADMIN_TOKEN_LENGTH_MIN = 16;

/** Both alphabets of base64, with or without padding. */
const isBaseKey = (text: string) => /^[\w+/-]{43}=?$/.test(text);

/** Last, and only when all else is right: it may write files. */
function completeSecrets(given: GivenSecrets, dataDirectory: string): { secret: Uint8Array; adminToken: string } {
  try {
    return {
      secret: Buffer.from(given.secret ?? generatedSecret(dataDirectory, "secret"), "base64"),
      adminToken: given.adminToken ?? generatedSecret(dataDirectory, "admin-token"),
    };
  } catch (error) {
    throw new SettingsError([`LATCHKEY_DATA cannot be written to: ${error instanceof Error ? error.message : error}`]);
  }
}
