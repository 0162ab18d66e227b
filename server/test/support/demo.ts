import { createClient } from "@latchkey/sdk";
import type { DemoWorld } from "../../src/domain/demo/demo-world.ts";
import { seedDemo } from "../../src/domain/demo/seed.ts";
import { type House, type HouseOptions, openHouse } from "./house.ts";
import type { TestApp, TestUser } from "./world.ts";

/** A house with its demo, as main.ts starts it. */
export async function openDemoHouse(options: HouseOptions = {}): Promise<{ house: House; demo: DemoWorld }> {
  const house = await openHouse({ ...options, settings: { ...options.settings, LATCHKEY_DEMO: "on" } });
  return { house, demo: await requireDemo(house) };
}

export async function requireDemo(house: House): Promise<DemoWorld> {
  const demo = await seedDemo(house.deps);
  if (!demo) throw new Error(`The demo was not made: ${house.logLines.at(-1)}`);
  return demo;
}

/** The demo app as one that runs at `http://localhost:3000`. */
export function demoAppOf(house: House, { apps: [{ clientId, clientSecret }] }: DemoWorld): TestApp {
  const redirectUri = "http://localhost:3000/callback";
  const fetch = (url: string, init: RequestInit) => house.fetch(url, init);
  return {
    clientId,
    clientSecret,
    redirectUri,
    client: createClient({ issuer: house.config.url, clientId, clientSecret, redirectUri, fetch }),
  };
}

/** The demo user of that e-mail, in the first of its installations unless another one is named. */
export function demoUserOf(demo: DemoWorld, email: string, installation?: string): TestUser {
  const user = demo.users.find((one) => one.email === email);
  if (!user) throw new Error(`There is no ${email}`);
  const [region = "", id] = (installation ?? user.installations[0] ?? "").split("-");
  return { id: 0, email, password: user.password, installation: { region, id: Number(id), url: "" } };
}
