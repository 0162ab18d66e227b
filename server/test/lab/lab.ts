import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeAfterwards } from "./binaries.ts";
import { layCable } from "./cable.ts";
import { freePort, type PostgresServerOptions, startPostgresServer } from "./postgres.ts";
import { type ServerProcess, type ServerProcessOptions, startServer } from "./server-process.ts";

/** A database server somewhere, and the way there. */
export interface Place {
  /** `directory`, or a region's name. */
  name: string;
  /** Its distance: milliseconds for a question and its answer. */
  roundTrip: number;
  /** The address that servers use: through the cable. */
  url: string;
  /** Past the cable, for whoever looks at the rows. */
  direct: string;
  /** What was done to it last: `whole`, `cut`, `muted`, `slow` … */
  state(): string;
  cut(): void;
  /** Questions get there and answers get lost. */
  mute(): void;
  slow(roundTrip: number): void;
  /** Shuts PostgreSQL down; rows stay. */
  stop(): Promise<void>;
  /** kill -9 of PostgreSQL. */
  kill(): Promise<void>;
  /** Undoes all of the above. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export interface LabOptions {
  /** Region -> its distance from the servers: milliseconds for a question and its answer. */
  regions: Readonly<Record<string, number>>;
  /** Of the servers, beside those that name the databases. */
  settings?: Readonly<Record<string, string>>;
  postgres?: PostgresServerOptions;
}

/** A directory and regions on PostgreSQL servers of their own, each at its distance, and any number of Latchkey servers. */
export interface Lab {
  /** `LATCHKEY_URL`. */
  url: string;
  adminToken: string;
  /** Of all servers: mails, and `demo.json` where the demo is on. */
  data: string;
  settings: Readonly<Record<string, string>>;
  directory: Place;
  regions: readonly Place[];
  /** One more server on these databases; `LATCHKEY_URL` is the first one's. */
  addServer(more?: Partial<ServerProcessOptions>): Promise<ServerProcess>;
  /** Ends everything that was started here and removes its files. */
  close(): Promise<void>;
}

export async function openLab(options: LabOptions): Promise<Lab> {
  const data = mkdtempSync(join(tmpdir(), "latchkey-lab-"));
  removeAfterwards(data);
  const servers: ServerProcess[] = [];
  const opening = [["directory", 0] as const, ...Object.entries(options.regions)].map(([name, roundTrip]) =>
    openPlace(name, roundTrip, options.postgres),
  );
  const opened = await Promise.allSettled(opening);
  const places = opened.flatMap((one) => (one.status === "fulfilled" ? one.value : []));
  const close = async () => {
    await Promise.allSettled(servers.map((server) => server.kill()));
    await Promise.allSettled(places.map((place) => place.close()));
    rmSync(data, { recursive: true, force: true });
  };
  const failed = opened.find((one) => one.status === "rejected");
  const [directory, ...regions] = places;
  if (failed || !directory) {
    await close();
    throw failed?.reason;
  }

  const port = await freePort();
  const adminToken = randomBytes(24).toString("base64url");
  const settings = {
    LATCHKEY_URL: `http://localhost:${port}`,
    LATCHKEY_DATA: data,
    LATCHKEY_DIRECTORY: directory.url,
    LATCHKEY_REGIONS: regions.map(({ name, url }) => `${name}=${url}`).join(","),
    LATCHKEY_SECRET: randomBytes(32).toString("base64"),
    LATCHKEY_ADMIN_TOKEN: adminToken,
    ...options.settings,
  };
  return {
    url: settings.LATCHKEY_URL,
    adminToken,
    data,
    settings,
    directory,
    regions,
    async addServer(more = {}) {
      const isFirst = servers.length === 0;
      const own = isFirst ? { LATCHKEY_PORT: String(port) } : {};
      // The schemas and the demo take hundreds of questions, and would take minutes from afar.
      if (isFirst) for (const place of places) place.slow(0);
      const server = await startServer({ ...more, settings: { ...settings, ...own, ...more.settings } });
      if (isFirst) for (const place of places) await place.mend();
      servers.push(server);
      return server;
    },
    close,
  };
}

async function openPlace(name: string, roundTrip: number, options: PostgresServerOptions = {}): Promise<Place> {
  const postgres = await startPostgresServer(options);
  const cable = await layCable(postgres.port, roundTrip);
  let running = true;
  let state = "whole";
  return {
    name,
    roundTrip,
    url: postgres.url("postgres").replace(`:${postgres.port}`, `:${cable.port}`),
    direct: postgres.url("postgres"),
    state: () => state,
    cut() {
      state = "cut";
      cable.cut();
    },
    mute() {
      state = "muted";
      cable.mute();
    },
    slow(milliseconds) {
      state = `slow, ${milliseconds} ms`;
      cable.setRoundTrip(milliseconds);
    },
    async stop() {
      if (!running) return;
      state = "stopped";
      running = false;
      await postgres.shutDown();
    },
    async kill() {
      if (!running) return;
      state = "killed";
      running = false;
      await postgres.kill();
    },
    async mend() {
      cable.setRoundTrip(roundTrip);
      cable.mend();
      if (!running) await postgres.start();
      running = true;
      state = "whole";
    },
    async close() {
      await cable.close();
      await postgres.stop();
    },
  };
}
