/** The load: a process of its own, so that what it costs is nobody else's. Told by messages what to do and how often. */
import { Agent, request } from "node:http";
import type { World } from "./world.ts";

export type Operation = "consent" | "flow" | "code" | "exchange" | "introspect" | "userinfo";

export interface Job {
  port: number;
  operation: Operation;
  count: number;
  world: World;
}

/** `failure` is the first answer that was not the expected one. */
export interface JobDone {
  failure?: string;
}

/** Low enough that nobody waits long, high enough that the server always has something to do. */
const CONCURRENCY = 16;

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });

/** What one server gave out so far. */
interface Purse {
  codes: string[];
  tokens: string[];
  sessionCookie: string;
}
const purses = new Map<number, Purse>();
const purseOf = (port: number): Purse => {
  const purse = purses.get(port) ?? { codes: [], tokens: [], sessionCookie: "" };
  purses.set(port, purse);
  return purse;
};

const OPERATIONS: Record<Operation, (job: Job, turn: number) => Promise<void>> = {
  /** A first login of a user, who allows the app what it asks for. */
  async consent(job, turn) {
    const { location, cookies } = await signIn(job, turn);
    const page = await send(job.port, "GET", location, { cookie: cookies });
    const form = page.body.slice(page.body.indexOf('value="allow"') - 3_000);
    const sealed = /name="request" value="([^"]+)"/.exec(form)?.[1] ?? "";
    const answer = await sendForm(
      job.port,
      "/login/consent",
      { request: sealed, decision: "allow" },
      { cookie: cookies },
    );
    codeOf(answer, job.world);
  },

  /** Three requests: the page, the password, the exchange. */
  async flow(job, turn) {
    const { answer, cookies } = await signIn(job, turn);
    const purse = purseOf(job.port);
    purse.sessionCookie = cookies;
    const token = await exchange(job, codeOf(answer, job.world));
    if (purse.tokens.length < 500) purse.tokens.push(token);
  },

  /** A login of a browser that is signed in already: how codes are made for the exchanges. */
  async code(job) {
    const purse = purseOf(job.port);
    const answer = await send(job.port, "GET", loginPath(job.world), { cookie: purse.sessionCookie });
    purse.codes.push(codeOf(answer, job.world));
  },

  async exchange(job) {
    await exchange(job, purseOf(job.port).codes.pop() ?? "");
  },

  async introspect(job, turn) {
    const { credential } = job.world;
    const basic = Buffer.from(`${credential.id}:${credential.secret}`).toString("base64");
    const headers = { authorization: `Basic ${basic}` };
    const answer = await sendForm(job.port, "/oauth2/introspect", { token: tokenOf(job, turn) }, headers);
    expect(answer, 200, '"active":true');
  },

  async userinfo(job, turn) {
    const authorization = `Bearer ${tokenOf(job, turn)}`;
    const answer = await send(job.port, "GET", "/launchpad/v1/userinfo.json", { authorization });
    expect(answer, 200, '"email":');
  },
};

const tokenOf = ({ port }: Job, turn: number) => purseOf(port).tokens[turn % purseOf(port).tokens.length] ?? "";

const loginPath = ({ clientId, redirectUri }: World) =>
  `/launchpad/login?${new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, state: "af0ifjsldkj" })}`;

async function signIn({ port, world }: Job, turn: number) {
  const page = await send(port, "GET", loginPath(world), {});
  expect(page, 200, 'action="/login/sign-in"');
  const sealed =
    /action="\/login\/sign-in">\s*<input type="hidden" name="request" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
  const email = world.emails[turn % world.emails.length] ?? "";
  const fields = { request: sealed, email, password: world.password };
  const answer = await sendForm(port, "/login/sign-in", fields, { cookie: page.cookies });
  expect(answer, 303, "");
  return { answer, location: answer.location, cookies: `${page.cookies}; ${answer.cookies}` };
}

async function exchange({ port, world }: Job, code: string): Promise<string> {
  const { clientId, clientSecret, redirectUri } = world;
  const body = JSON.stringify({ code, client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri });
  const headers = { "content-type": "application/json" };
  const answer = await send(port, "POST", "/launchpad/v1/token.json", headers, body);
  expect(answer, 200, '"apiEndPoint":');
  return String(JSON.parse(answer.body).access_token);
}

function codeOf(answer: Answer, { redirectUri }: World): string {
  expect(answer, 303, "");
  const code = answer.location.startsWith(redirectUri) ? new URL(answer.location).searchParams.get("code") : null;
  if (code === null) throw new Error(`No code in ${answer.location}`);
  return code;
}

interface Answer {
  status: number;
  location: string;
  cookies: string;
  body: string;
}

const sendForm = (port: number, path: string, fields: Record<string, string>, headers: Record<string, string>) =>
  send(
    port,
    "POST",
    path,
    { ...headers, "content-type": "application/x-www-form-urlencoded" },
    String(new URLSearchParams(fields)),
  );

const send = (port: number, method: string, path: string, headers: Record<string, string>, body = "") =>
  new Promise<Answer>((resolve, reject) => {
    const length = method === "POST" ? { "content-length": Buffer.byteLength(body) } : {};
    const all = { accept: "*/*", "user-agent": "bench", ...headers, ...length };
    const sending = request({ host: "127.0.0.1", port, method, path, agent, headers: all }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => {
        const cookies = (response.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";", 1)[0]).join("; ");
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? "", cookies, body: text });
      });
    });
    sending.on("error", reject).end(body);
  });

function expect({ status, location, body }: Answer, wanted: number, part: string): void {
  if (status === wanted && body.includes(part)) return;
  throw new Error(`Expected ${wanted} with ${part}, got ${status} ${location} ${body.slice(0, 500)}`);
}

async function run(job: Job): Promise<void> {
  let turn = 0;
  const worker = async () => {
    while (turn < job.count) await OPERATIONS[job.operation](job, turn++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

process.on("message", async (job: Job) => {
  const done: JobDone = {};
  await run(job).catch((error) => {
    done.failure = `${job.operation}: ${error}`;
  });
  process.send?.(done);
});
