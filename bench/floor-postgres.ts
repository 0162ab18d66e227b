/**
 * The floor on PostgreSQL: bare `node:http` and the `pg` driver, speaking as our own engine does, by the same
 * round trips. Two pipelined clients read, statements are named, and a batch goes from BEGIN to COMMIT over one of eight clients.
 * No retries, no breaker, no log.
 *
 * Settings: FLOOR_DIRECTORY and FLOOR_REGION (the databases of our server, which it shares), FLOOR_PORT.
 */
import { hash as digest, randomUUID, timingSafeEqual } from "node:crypto";
import pg from "pg";
import type { Result } from "../server/src/store/database.ts";
import { type Query, roundTrip, runOne } from "../server/src/store/engines/postgres-round-trip.ts";
import { basicOf, grantAnswer, introspectionAnswer, newToken, type Row, serve } from "./floor-http.ts";
import { textOf } from "./statements.ts";

const { FLOOR_DIRECTORY = "", FLOOR_REGION = "", FLOOR_PORT = "" } = process.env;
const READERS = 2;
const WRITERS = 8;

const named = (file: string, name: string) => ({ name: `${file} ${name}`, text: textOf(file, name), values: [] });
const FIND_CODE = named("region/codes", "FIND");
const SPEND_CODE = named("region/codes", "SPEND");
const FIND_GRANTEE = named("region/grantees", "FIND");
const ISSUE_TOKEN = named("region/tokens", "ISSUE_TOKEN");
const FIND_TOKEN = named("region/tokens", "FIND_ACTIVE");
const BEGIN = { name: "begin", text: "BEGIN READ WRITE", values: [] };
const COMMIT = { name: "commit", text: "COMMIT", values: [] };

const open = async () => {
  const client = new pg.Client({ connectionString: FLOOR_REGION, pipeline: true });
  await client.connect();
  return client;
};
const readers = await Promise.all(Array.from({ length: READERS }, open));
const idle = await Promise.all(Array.from({ length: WRITERS }, open));
const waiting: ((client: pg.Client) => void)[] = [];
const checkOut = () => idle.pop() ?? new Promise<pg.Client>((resolve) => waiting.push(resolve));
const giveBack = (client: pg.Client) => {
  const next = waiting.shift();
  if (next) next(client);
  else idle.push(client);
};

let turn = 0;
async function read(query: Query, values: Query["values"]): Promise<Row> {
  return (await runOne(readers[turn++ % READERS] as pg.Client, { ...query, values })).rows[0] as Row;
}

async function batch(...queries: Query[]): Promise<Result[]> {
  const client = await checkOut();
  const { results, failure } = await roundTrip(client, [BEGIN, ...queries, COMMIT]);
  giveBack(client);
  if (failure) throw failure;
  return results.slice(1, -1);
}

/** Apps and API credentials are in memory, as ours are. */
const secrets = new Map<string, string>();
const directory = new pg.Client({ connectionString: FLOOR_DIRECTORY });
await directory.connect();
for (const list of [
  "SELECT client_id AS id, secret_hash FROM app_secret",
  "SELECT credential_id AS id, secret_hash FROM api_credential",
])
  for (const { id, secret_hash } of (await directory.query(list)).rows) secrets.set(id, secret_hash);
await directory.end();

const hash = (text: string) => digest("sha256", text, "base64url");
const now = () => Math.floor(Date.now() / 1000);
const authenticate = (id: string, secret: string) => {
  if (!timingSafeEqual(Buffer.from(secrets.get(id) ?? ""), Buffer.from(hash(secret)))) throw new Error(id);
};

serve(Number(FLOOR_PORT), {
  async "/launchpad/v1/token.json"(_request, _url, body) {
    const { client_id, client_secret, code, redirect_uri } = JSON.parse(body);
    authenticate(client_id, client_secret);
    const codeHash = hash(code);
    const found = await read(FIND_CODE, [codeHash]);
    if (found.clientId !== client_id || found.redirectUri !== redirect_uri) throw new Error("another code");
    const token = newToken(found);
    const [spent, grantee, issued] = await batch(
      { ...SPEND_CODE, values: [codeHash, now(), hash(token), 10] },
      { ...FIND_GRANTEE, values: [found.installationId ?? null, found.userId ?? null] },
      { ...ISSUE_TOKEN, values: [codeHash, hash(token), randomUUID(), null] },
    );
    if (spent?.count !== 1 || issued?.count !== 1) throw new Error("it was spent");
    return { json: grantAnswer(token, found, grantee?.rows[0] as Row) };
  },

  async "/oauth2/introspect"(request, _url, body) {
    authenticate(...basicOf(request));
    const token = new URLSearchParams(body).get("token") ?? "";
    return { json: introspectionAnswer(await read(FIND_TOKEN, [hash(token), now()])) };
  },

  "/health/live": () => ({ json: { status: "ok" } }),
});
