import assert from "node:assert/strict";
import { after } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Door } from "../support/house.ts";
import { exchange, exchangeOf, newCode, signedIn } from "../support/scene.ts";
import { Visitor } from "../support/visitor.ts";
import { type TestApp, type TestUser, worldOf } from "../support/world.ts";
import { type Lab, type LabOptions, openLab, type Place } from "./lab.ts";
import { reach } from "./reach.ts";
import type { ServerProcess } from "./server-process.ts";

/** Somebody who is signed in, and an app that asks nothing, so that a code is one request away. */
export interface Resident {
  user: TestUser;
  /** One per server; the session is the same. */
  visitors: readonly Visitor[];
}

/** Two regions and two servers on PostgreSQL, with somebody signed in who lives in each region. */
export interface LabScene {
  lab: Lab;
  us: Place;
  eu: Place;
  servers: ServerProcess[];
  /** The servers, as visitors, apps and operators see them. */
  doors: Door[];
  world: ReturnType<typeof worldOf>;
  app: TestApp;
  residents: Readonly<Record<"US" | "EU", Resident>>;
}

export async function openLabScene(options: Partial<LabOptions> = {}): Promise<LabScene> {
  const lab = await openLab({
    regions: { US: 0, EU: 0 },
    ...options,
    settings: { LATCHKEY_DEMO: "off", LATCHKEY_LIMITS: "off", ...options.settings },
  });
  after(async () => {
    const unexpected = servers.flatMap((server) => server.output().match(/^.*"msg":"unexpected error".*$/gm) ?? []);
    await lab.close();
    assert.deepEqual(unexpected, [], "no fault makes a server answer 500");
  });
  const servers = [await lab.addServer(), await lab.addServer()];
  const doors = servers.map((server) => reach(lab, server));
  const [us, eu] = lab.regions;
  const [first] = doors;
  if (!us || !eu || !first) throw new Error("The lab is incomplete.");
  const world = worldOf(first);
  const app = await world.registerApp({ trusted: true });
  const settle = async (region: string): Promise<Resident> => {
    const user = await world.addUser(await world.addInstallation(region));
    const visitor = await signedIn(first, world, user);
    const visitors = doors.map((door) => {
      const there = new Visitor(door);
      for (const [name, value] of visitor.cookies) there.cookies.set(name, value);
      return there;
    });
    return { user, visitors };
  };
  const residents = { US: await settle("US"), EU: await settle("EU") };
  await delay(1_000); // the second server hears of the app
  return { lab, us, eu, servers, doors, world, app, residents };
}

/** What `sql` finds, past the cable. */
export async function look<T extends pg.QueryResultRow>(
  place: Place,
  sql: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: place.direct });
  await client.connect();
  try {
    return (await client.query<T>(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Codes that were not redeemed yet, of somebody in this region. */
export async function codesOf(scene: LabScene, region: "US" | "EU", count: number): Promise<string[]> {
  const [visitor] = scene.residents[region].visitors;
  if (!visitor) throw new Error("Nobody is signed in.");
  const codes: string[] = [];
  let asked = 0;
  const ask = async () => {
    while (asked++ < count) codes.push(await newCode({ visitor }, scene.app));
  };
  await Promise.all(Array.from({ length: 8 }, ask));
  return codes;
}

export const exchangeAt = (scene: LabScene, server: number, code: string, more: Record<string, unknown> = {}) =>
  exchange(doorOf(scene, server), exchangeOf(scene.app, code, more));

export async function tokenOf(scene: LabScene, region: "US" | "EU"): Promise<string> {
  const [code = ""] = await codesOf(scene, region, 1);
  return (await exchangeAt(scene, 0, code)).body.access_token;
}

/** What an API's check of a token is answered with. */
export const checkAt = async (scene: LabScene, server: number, token: string): Promise<number> => {
  const answer = await doorOf(scene, server).fetch("/launchpad/v1/userinfo.json", {
    headers: { authorization: `Bearer ${token}` },
  });
  await answer.text();
  return answer.status;
};

export function doorOf(scene: Pick<LabScene, "doors">, server: number): Door {
  const door = scene.doors[server];
  if (!door) throw new Error(`There is no server ${server}.`);
  return door;
}

export const serverOf = (scene: Pick<LabScene, "servers">, server: number): ServerProcess => {
  const found = scene.servers[server];
  if (!found) throw new Error(`There is no server ${server}.`);
  return found;
};

/** Milliseconds until `work` answers true for the first time. */
export async function untilTrue(work: () => Promise<boolean>, secondsMax = 120): Promise<number> {
  const startedAt = performance.now();
  while (!(await work().catch(() => false))) {
    const passed = performance.now() - startedAt;
    if (passed > secondsMax * 1_000) throw new Error(`It did not come true within ${secondsMax} s.`);
    await delay(20);
  }
  return performance.now() - startedAt;
}

/** Runs `work` again and again, `parallel` at a time, until it is stopped or fails. */
export function keepDoing(parallel: number, work: (turn: number) => Promise<unknown>) {
  let going = true;
  let turns = 0;
  const loop = async () => {
    try {
      while (going) await work(turns++);
    } finally {
      going = false;
    }
  };
  const loops = Promise.allSettled(Array.from({ length: parallel }, loop));
  return {
    /** Resolves when `count` have begun, or one has failed. */
    async begun(count: number): Promise<void> {
      while (going && turns < count) await delay(5);
    },
    /** @throws what `work` threw. */
    async stop(): Promise<void> {
      going = false;
      for (const loop of await loops) if (loop.status === "rejected") throw loop.reason;
    },
  };
}
