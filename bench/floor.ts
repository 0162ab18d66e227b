/**
 * The floor: as little as it takes to do the same work. Bare `node:http` and `node:sqlite`, the same argon2id, the same
 * statements on the same tables with the same durability. No framework, no log, no errors but crashes, no limits, no
 * sealed forms, no second region: a program nobody should run, which tells how much everything else costs.
 *
 * Settings: FLOOR_DATA (a copy of our server's data directory, with sign-in.html in it), FLOOR_PORT, FLOOR_SECRET.
 */
import {
  createDecipheriv,
  createHmac,
  hash as digest,
  hkdfSync,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { verify } from "@node-rs/argon2";
import { type Answer, basicOf, grantAnswer, introspectionAnswer, newToken, type Row, serve } from "./floor-http.ts";
import { textOf } from "./statements.ts";

const { FLOOR_DATA = "", FLOOR_PORT = "", FLOOR_SECRET = "" } = process.env;

const open = (file: string) => {
  const db = new DatabaseSync(join(FLOOR_DATA, file));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  return db;
};
const directory = open("directory.db");
const region = open("region-US.db");
const sql = (db: DatabaseSync, file: string, name: string) => db.prepare(textOf(file, name).replaceAll("$", "?"));
const FIND_ROUTE = sql(directory, "directory/sign-ins", "FIND");
const FIND_PLACES = sql(directory, "directory/routes", "INSTALLATIONS_OF_ACCOUNT");
const FIND_ACCOUNT = sql(region, "region/sign-ins", "FIND");
const START_SESSION = sql(region, "region/sessions", "START");
const FIND_SESSION = sql(region, "region/sessions", "FIND");
const FIND_USERS = sql(region, "region/users", "OF_ACCOUNT");
const ISSUE_CODE = sql(region, "region/codes", "ISSUE");
const FIND_CODE = sql(region, "region/codes", "FIND");
const SPEND_CODE = sql(region, "region/codes", "SPEND");
const FIND_GRANTEE = sql(region, "region/grantees", "FIND");
const ISSUE_TOKEN = sql(region, "region/tokens", "ISSUE_TOKEN");
const FIND_TOKEN = sql(region, "region/tokens", "FIND_ACTIVE");
const [begin, commit] = [region.prepare("BEGIN IMMEDIATE"), region.prepare("COMMIT")];

const one = (statement: ReturnType<typeof sql>, ...values: SQLInputValue[]) => statement.get(...values) as Row;
/** Where our server's statements have changed, this program must follow. */
const change = (statement: ReturnType<typeof sql>, ...values: SQLInputValue[]) => {
  if (statement.run(...values).changes !== 1) throw new Error(`changed nothing: ${statement.sourceSQL}`);
};
const hash = (text: string) => digest("sha256", text, "base64url");
const keyFor = (use: string) =>
  Buffer.from(hkdfSync("sha256", Buffer.from(FLOOR_SECRET, "base64"), "", `latchkey ${use}`, 32));
/** E-mails go by the pepper of the directory, sealed there as secrets.ts seals. */
function openPepper(): Buffer {
  const sealed = Buffer.from(
    String(directory.prepare("SELECT sealed_pepper FROM pepper").get()?.sealed_pepper),
    "base64url",
  );
  const decipher = createDecipheriv("aes-256-gcm", keyFor("pepper"), sealed.subarray(0, 12))
    .setAAD(Buffer.from("1"))
    .setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString("utf8");
  return Buffer.from(JSON.parse(text), "base64url");
}
const pepper = openPepper();
const hmac = (text: string) => createHmac("sha256", pepper).update(text).digest("base64url");
const now = () => Math.floor(Date.now() / 1000);
const page = readFileSync(join(FLOOR_DATA, "sign-in.html"), "utf8");
/** Apps and API credentials are in memory, as ours are. */
const secrets = new Map<string, Row>();
for (const table of ["app JOIN app_secret USING (client_id)", "api_credential"])
  for (const row of directory.prepare(`SELECT * FROM ${table}`).all() as Row[])
    secrets.set(String(row.client_id ?? row.credential_id), row);
const authenticate = (id: string, secret: string) => {
  const row = secrets.get(id);
  if (!row || !timingSafeEqual(Buffer.from(String(row.secret_hash)), Buffer.from(hash(secret)))) throw new Error(id);
};

/** One transaction, and so one fsync, for all writes of an event-loop turn. */
let group: { work: () => unknown; done: () => void }[] = [];
const write = (work: () => unknown) =>
  new Promise<void>((done) => {
    if (group.push({ work, done }) === 1)
      setImmediate(() => {
        const turn = group;
        group = [];
        begin.run();
        for (const { work } of turn) work();
        commit.run();
        for (const { done } of turn) done();
      });
  });

async function issueCode(accountId: string, authenticatedAt: number, request: URLSearchParams): Promise<Answer> {
  const [clientId, redirectUri] = [request.get("client_id") ?? "", request.get("redirect_uri") ?? ""];
  FIND_PLACES.all(accountId, 1_000);
  const user = FIND_USERS.all(accountId, clientId)[0] as Row;
  const [installation, userId] = [Number(user.installationId), Number(user.userId)];
  const scopes = user.consentedScopes;
  if (typeof scopes !== "string") throw new Error("no consent");
  const code = `${randomUUID()}-US`;
  const binding = [hash(code), clientId, installation, userId, redirectUri, null, scopes, null];
  await write(() => change(ISSUE_CODE, ...binding, authenticatedAt, now(), now() + 900));
  return { status: 303, headers: { location: `${redirectUri}?code=${code}&state=${request.get("state")}` } };
}

serve(Number(FLOOR_PORT), {
  "/launchpad/login"({ headers }, { search, searchParams }) {
    if (!JSON.parse(String(secrets.get(searchParams.get("client_id") ?? "")?.redirect_uris))[0]) throw new Error();
    const cookie = /session=US\.([\w-]{43})/.exec(headers.cookie ?? "")?.[1];
    const session = cookie && one(FIND_SESSION, hash(cookie));
    if (session) return issueCode(String(session.accountId), Number(session.authenticatedAt), searchParams);
    return {
      html: page.replaceAll("{request}", encodeURIComponent(search)),
      headers: { "set-cookie": "latchkey-browser=1" },
    };
  },

  async "/login/sign-in"(request, _url, body) {
    const form = new URLSearchParams(body);
    const emailKey = (form.get("email") ?? "").toLowerCase();
    const key = hmac(emailKey);
    if (!one(FIND_ROUTE, key, key, `login:${hmac(request.socket.remoteAddress ?? "")}`).region)
      throw new Error("unknown e-mail");
    const account = one(FIND_ACCOUNT, emailKey, `account:${hmac(emailKey)}`);
    if (!(await verify(String(account.passwordHash), form.get("password") ?? ""))) throw new Error("wrong password");
    const [session, accountId] = [randomBytes(32).toString("base64url"), String(account.accountId)];
    const passwordHash = String(account.passwordHash);
    await write(() => change(START_SESSION, hash(session), accountId, now(), 0, "", accountId, 0, 20, passwordHash));
    const sent = new URLSearchParams(decodeURIComponent(form.get("request") ?? ""));
    const answer = await issueCode(accountId, now(), sent);
    return { ...answer, headers: { ...answer.headers, "set-cookie": `latchkey-session=US.${session}` } };
  },

  async "/launchpad/v1/token.json"(_request, _url, body) {
    const { client_id, client_secret, code, redirect_uri } = JSON.parse(body);
    authenticate(client_id, client_secret);
    const codeHash = hash(code);
    const found = one(FIND_CODE, codeHash);
    if (found.clientId !== client_id || found.redirectUri !== redirect_uri) throw new Error("another code");
    const token = newToken(found);
    let row: Row = {};
    await write(() => {
      change(SPEND_CODE, codeHash, now(), hash(token), 10);
      row = one(FIND_GRANTEE, found.installationId ?? 0, found.userId ?? 0);
      change(ISSUE_TOKEN, codeHash, hash(token), randomUUID(), null);
    });
    return { json: grantAnswer(token, found, row) };
  },

  "/launchpad/v1/userinfo.json"({ headers }) {
    const { userId, scopes, ...row } = one(FIND_TOKEN, hash(headers.authorization?.slice(7) ?? ""), now());
    const ids = { sub: String(userId), user_id: userId, id: userId, region: "US", awsRegion: "US" };
    return { json: { ...ids, ...row, meta: { scopes: JSON.parse(String(scopes)) } } };
  },

  "/oauth2/introspect"(request, _url, body) {
    authenticate(...basicOf(request));
    const row = one(FIND_TOKEN, hash(new URLSearchParams(body).get("token") ?? ""), now());
    return { json: introspectionAnswer(row) };
  },

  "/health/live": () => ({ json: { status: "ok" } }),
});
