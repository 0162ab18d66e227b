import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { createApp } from "../../src/app.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import type { Deps } from "../../src/deps.ts";
import { openHouse as openRealHouse } from "../../src/house.ts";
import type { HttpBindings } from "../../src/http/context.ts";
import { type Answering, type Listening, listen } from "../../src/listen.ts";
import { createLog } from "../../src/log.ts";
import { createPasswords, type Passwords } from "../../src/password.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";
import { layTemplate, TEST_SECRET } from "./template.ts";

export const ENGINES = ["sqlite", "postgres"] as const;
export type Engine = (typeof ENGINES)[number];

export interface HouseOptions {
  /** Absent: what `LATCHKEY_TEST_ENGINE` says, else SQLite. */
  engine?: Engine;
  /** Settings besides the usual ones, by their names (`LATCHKEY_LIMITS`). */
  settings?: Readonly<Record<string, string>>;
  /** Listen on a port of loopback, and let `LATCHKEY_URL` be that. */
  listening?: boolean;
}

/** `fetch`'s own options, and where the request comes from. */
export interface FetchOptions extends RequestInit {
  from?: string;
}

export interface AdminAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into any JSON, and fails where it is not what it says
  body: any;
}

export interface House {
  config: Config;
  deps: Deps;
  /** All lines of the log so far, as they were written. */
  logLines: readonly string[];
  /** Calls the app without a port. Takes a path, or a whole address; never follows a redirect. */
  fetch(input: string | URL | Request, options?: FetchOptions): Promise<Response>;
  /** Calls `/admin/v1` with the operator's token. */
  admin(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<AdminAnswer>;
  /** Turns the clock of the process and of all its databases. It stands still otherwise. */
  passSeconds(seconds: number): void;
  /** What a load balancer would see from now on. */
  beginStopping(): void;
  /** Called by itself when the test is over. */
  close(): Promise<void>;
}

/** As much of a house as can be had of one that runs elsewhere. */
export type Door = Pick<House, "fetch" | "admin"> & { config: Pick<Config, "url"> };

export const ADMIN_TOKEN = "the-operators-token-of-all-test-houses";
const CLIENT_ADDRESS = "192.0.2.1";

// Values, not promises: what comes after awaiting a promise of an earlier test would count as that test's, its `after` too.
let passwords: Passwords | undefined;
let postgres: TestPostgres | undefined;
after(() => postgres?.stop());

/**
 * The whole server, for real, in a directory of its own: two regions, US and EU.
 */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  after(close);

  const data = mkdtempSync(join(tmpdir(), "latchkey-house-"));
  closers.push(() => rmSync(data, { recursive: true, force: true }));
  const onPort = options.listening ? await openPort(closers) : undefined;
  const config = loadConfig({
    LATCHKEY_DATA: data,
    LATCHKEY_SECRET: TEST_SECRET,
    LATCHKEY_ADMIN_TOKEN: ADMIN_TOKEN,
    LATCHKEY_DEMO: "off",
    ...(onPort && { LATCHKEY_URL: `http://localhost:${onPort.port}` }),
    ...(options.settings?.LATCHKEY_REGIONS === undefined && (await databaseSettings(data, options.engine))),
    ...options.settings,
  });

  let seconds = Math.floor(Date.now() / 1000);
  const logLines: string[] = [];
  passwords ??= await createPasswords();
  const house = await openRealHouse(config, {
    log: createLog({ write: (line) => void logLines.push(line) }),
    passwords,
    clock: () => seconds,
  });
  closers.push(() => house.close());
  const app = createApp(house.deps);
  onPort?.answerWith(app);

  const fetch = async (input: string | URL | Request, { from = CLIENT_ADDRESS, ...init }: FetchOptions = {}) => {
    const address = input instanceof Request ? input.url : String(input);
    const request =
      input instanceof Request ? new Request(input, init) : new Request(new URL(address, config.url), init);
    const url = address.replace(/^https?:\/\/[^/?#]*/, "") || "/"; // as it was written, like a socket would show it
    const incoming = { url, socket: { remoteAddress: from } };
    const bindings: HttpBindings = { incoming };
    return app.fetch(request, bindings);
  };

  return {
    config,
    deps: house.deps,
    logLines,
    fetch,
    async admin(method, path, body, headers = {}) {
      const response = await fetch(`/admin/v1${path}`, {
        method,
        headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json", ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
    },
    passSeconds(passed) {
      seconds += passed;
    },
    beginStopping: house.beginStopping,
    close,
  };
}

/** Listens before there is anything to answer with, because the address is one of the settings. */
async function openPort(closers: (() => unknown)[]) {
  let app: Answering | undefined;
  const listening: Listening = await listen(
    { fetch: (request, bindings) => app?.fetch(request, bindings) ?? new Response(null, { status: 503 }) },
    { host: "127.0.0.1", port: 0 },
  );
  closers.push(() => listening.stop(0));
  return {
    port: listening.port,
    answerWith(answering: Answering) {
      app = answering;
    },
  };
}

const USUAL_ENGINE: Engine = process.env.LATCHKEY_TEST_ENGINE === "postgres" ? "postgres" : "sqlite";

async function databaseSettings(data: string, engine = USUAL_ENGINE): Promise<Record<string, string>> {
  if (engine === "sqlite") {
    await layTemplate(data);
    return {};
  }
  postgres ??= await startPostgres();
  return postgres.newDatabases();
}
