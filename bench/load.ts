/** The load: a process of its own, so that what it costs is nobody else's. Told by messages what to do and how often. */
import { type Answer, type Connection, openConnection } from "./connection.ts";
import type { World } from "./world.ts";

export type Operation = "consent" | "flow" | "code" | "exchange" | "introspect" | "userinfo";

export interface Job {
  port: number;
  /** The port of the server whose codes and tokens are used; absent: its own. */
  purse?: number;
  operation: Operation;
  count: number;
  world: World;
  /** Sleeps while it waits: where it shares its core with the server, a load that is awake takes the server's time. */
  drowsy?: boolean;
  /** So many loads at once, each of which keeps the same number of requests waiting; absent: one. */
  loads?: number;
}

/** `failure` is the first answer that was not the expected one. */
export interface JobDone {
  failure?: string;
}

/** Low enough that nobody waits long, high enough that the server always has something to do. */
const CONCURRENCY = 16;

/** What one server gave out so far. */
interface Purse {
  codes: string[];
  tokens: string[];
  sessionCookie: string;
}
const purses = new Map<number, Purse>();

/** What an operation has at hand. `turn` counts them. */
interface Hand {
  connection: Connection;
  purse: Purse;
  world: World;
  turn: number;
}

const FORM = "content-type: application/x-www-form-urlencoded";

const OPERATIONS: Record<Operation, (hand: Hand) => Promise<void>> = {
  /** A first login of a user, who allows the app what it asks for. */
  async consent(hand) {
    const { connection, world } = hand;
    const { answer, cookies } = await signIn(hand);
    const page = await connection.send("GET", answer.location, [`cookie: ${cookies}`]);
    const request = /action="\/login\/consent">\s*<input type="hidden" name="request" value="([^"]+)"/.exec(
      page.body,
    )?.[1];
    const form = String(new URLSearchParams({ request: request ?? "", decision: "allow" }));
    codeOf(await connection.send("POST", "/login/consent", [`cookie: ${cookies}`, FORM], form), world);
  },

  /** Three requests: the page, the password, the exchange. */
  async flow(hand) {
    const { purse, world } = hand;
    const { answer, cookies } = await signIn(hand);
    purse.sessionCookie = cookies;
    purse.tokens.push(await exchange(hand, codeOf(answer, world)));
  },

  /** A login of a browser that is signed in already: how codes are made for the exchanges. */
  async code({ connection, purse, world }) {
    const answer = await connection.send("GET", loginPath(world), [`cookie: ${purse.sessionCookie}`]);
    purse.codes.push(codeOf(answer, world));
  },

  async exchange(hand) {
    await exchange(hand, hand.purse.codes.pop() ?? "");
  },

  async introspect(hand) {
    const { connection, world } = hand;
    const { id, secret } = world.credential;
    const authorization = `authorization: Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    const form = `token=${encodeURIComponent(tokenOf(hand))}`;
    expect(await connection.send("POST", "/oauth2/introspect", [authorization, FORM], form), 200, '"active":true');
  },

  async userinfo(hand) {
    const headers = [`authorization: Bearer ${tokenOf(hand)}`];
    expect(await hand.connection.send("GET", "/launchpad/v1/userinfo.json", headers), 200, '"email":');
  },
};

const tokenOf = ({ purse: { tokens }, turn }: Hand) => tokens[turn % tokens.length] ?? "";

const loginPath = ({ clientId, redirectUri }: World) =>
  `/launchpad/login?${new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, state: "af0ifjsldkj" })}`;

async function signIn({ connection, world, turn }: Hand) {
  const page = await connection.send("GET", loginPath(world), []);
  const request = /action="\/login\/sign-in">\s*<input type="hidden" name="request" value="([^"]+)"/.exec(
    page.body,
  )?.[1];
  expect(page, 200, request ?? "the sign-in form");
  const email = world.emails[turn % world.emails.length] ?? "";
  const form = String(new URLSearchParams({ request: request ?? "", email, password: world.password }));
  const answer = await connection.send("POST", "/login/sign-in", [`cookie: ${page.cookies}`, FORM], form);
  expect(answer, 303, "");
  return { answer, cookies: `${page.cookies}; ${answer.cookies}` };
}

async function exchange({ connection, world }: Hand, code: string): Promise<string> {
  const { clientId, clientSecret, redirectUri } = world;
  const body = JSON.stringify({ code, client_id: clientId, client_secret: clientSecret, redirect_uri: redirectUri });
  const answer = await connection.send("POST", "/launchpad/v1/token.json", ["content-type: application/json"], body);
  expect(answer, 200, '"apiEndPoint":');
  return String(JSON.parse(answer.body).access_token);
}

function codeOf(answer: Answer, { redirectUri }: World): string {
  expect(answer, 303, "");
  const code = answer.location.startsWith(redirectUri) ? new URL(answer.location).searchParams.get("code") : null;
  if (code === null) throw new Error(`No code in ${answer.location}`);
  return code;
}

function expect({ status, location, body }: Answer, wanted: number, part: string): void {
  if (status === wanted && body.includes(part)) return;
  throw new Error(`Expected ${wanted} with ${part}, got ${status} ${location} ${body.slice(0, 500)}`);
}

async function run({ port, purse: maker = port, operation, count, world, loads = 1 }: Job): Promise<void> {
  const purse = purses.get(maker) ?? { codes: [], tokens: [], sessionCookie: "" };
  purses.set(maker, purse);
  let turn = 0;
  const worker = async () => {
    const connection = await openConnection(port);
    while (turn < count) await OPERATIONS[operation]({ connection, purse, world, turn: turn++ });
    connection.close();
  };
  await Promise.all(Array.from({ length: loads * CONCURRENCY }, worker));
}

process.on("message", async (job: Job) => {
  const done: JobDone = {};
  // Else awake all the time: whoever writes to a process that sleeps pays for waking it, and that would be the slower server alone.
  let spinning = !job.drowsy;
  const spin = () => spinning && setImmediate(spin);
  spin();
  await run(job).catch((error) => {
    done.failure = `${job.operation}: ${error}`;
  });
  spinning = false;
  process.send?.(done);
});
