import type { Deps } from "../../deps.ts";
import { createUser } from "../installations/manage-users.ts";
import { addOperator, removeOperator } from "../portal/operators.ts";
import { isRefused } from "../refused.ts";
import { DEMO_OPERATOR, DEMO_PASSWORD, type DemoPerson, TRAVELLER } from "./cast.ts";
import { findDemoApp, seedDemoApp } from "./demo-app.ts";
import { writeDemoFile } from "./demo-file.ts";
import type { DemoWorld } from "./demo-world.ts";
import { type DemoPlace, seedPlaces } from "./places.ts";

/** Who did it, in the audit logs. */
const DEMO_ACTOR = "demo";

/**
 * The world of `LATCHKEY_DEMO`, made or completed: a company in each region with its users, an app, and `demo.json`.
 *
 * Goes through the same functions as the operator's API, each of which can be made again after a crash. What is there is
 * found and kept, so that any number of starts make one world. To be called by one process at a time.
 * @returns `undefined` where there is no demo, or it could not be made; the server is as good without it.
 */
export async function seedDemo(deps: Deps): Promise<DemoWorld | undefined> {
  if (!deps.config.demo) {
    if (deps.apps.isLoaded() && findDemoApp(deps)) await disarm(deps);
    return undefined;
  }
  try {
    return await seed(deps);
  } catch (error) {
    deps.log.error({ err: error }, "the demo could not be completed; the next start tries again");
    return undefined;
  }
}

/** What is left of a demo that is over: its users can log in as before, and none of them is an operator any more. */
async function disarm(deps: Deps): Promise<void> {
  deps.log.warn("the demo's app and users, whose password is public, are still in the databases");
  try {
    await removeOperator(deps, DEMO_OPERATOR, DEMO_ACTOR);
  } catch (error) {
    deps.log.error({ err: error }, "the demo's operator could not be removed: run npm run operator -- list");
  }
}

async function seed(deps: Deps): Promise<DemoWorld> {
  const places = await seedPlaces(deps, DEMO_ACTOR);
  const users = await seedUsers(deps, places);
  await addOperator(deps, DEMO_OPERATOR, DEMO_ACTOR);
  const { app, clientSecret, forgetOthers } = await seedDemoApp(deps, DEMO_ACTOR);
  const { name, clientId, redirectUris } = app;
  const world: DemoWorld = {
    url: deps.config.url,
    apps: [{ name, clientId, clientSecret, redirectUris: [...redirectUris] }],
    users,
    installations: places.map(({ region, installation }) => ({
      installation: nameOf({ region, installation }),
      name: installation.name,
      apiEndPoint: installation.apiEndPoint,
    })),
  };
  await writeDemoFile(deps, world);
  await forgetOthers(); // not before the new secret is on disk
  return world;
}

async function seedUsers(deps: Deps, places: readonly DemoPlace[]): Promise<DemoWorld["users"]> {
  const people = [...places.flatMap(({ company }) => company.people), TRAVELLER];
  const users = new Map(people.map((person) => [person.email, { person, installations: [] as string[] }]));
  for (const place of places)
    for (const person of [...place.company.people, TRAVELLER]) {
      await seedUser(deps, place, person);
      users.get(person.email)?.installations.push(nameOf(place));
    }
  return [...users.values()].map(({ person, installations }) => ({
    name: `${person.firstName} ${person.lastName}`,
    email: person.email,
    password: DEMO_PASSWORD,
    installations,
  }));
}

async function seedUser(deps: Deps, { region, installation }: DemoPlace, person: DemoPerson): Promise<void> {
  const draft = { ...person, password: DEMO_PASSWORD, avatar: "", disabled: false };
  const result = await createUser(deps, region, installation, draft, DEMO_ACTOR);
  if (isRefused(result) && !("conflict" in result))
    throw new Error(`A demo user was refused: ${JSON.stringify(result)}`);
}

const nameOf = ({ region, installation }: Pick<DemoPlace, "region" | "installation">) =>
  `${region.name}-${installation.installationId}`;
