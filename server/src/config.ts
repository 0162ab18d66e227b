/** Where a database is. */
export type DatabaseAddress = { engine: "sqlite"; file: string } | { engine: "postgres"; url: string };

/** All settings (docs: wire section 9), read and checked once at start, then frozen. */
export interface Config {
  /** The public address, without a trailing slash; also the `issuer` (RFC 8414). */
  url: string;
  host: string;
  port: number;
  dataDirectory: string;
  directory: DatabaseAddress;
  regions: readonly { name: string; database: DatabaseAddress }[];
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
  production: boolean;
}
